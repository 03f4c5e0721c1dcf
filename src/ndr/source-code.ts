/** Statements of common languages: what a program does with a refusal, not a refusal. Each is tried on one line. */
const statements: readonly RegExp[] = [
  // Tests and calls that take the text: `expect(classify('550 …')`, `$this->assertSame('550 …'`, `print("550 …")`.
  /(?:^|[\s.>(!])(?:expect|assert\w*|should|it|describe|test|context|print(?:f|ln)?|echo|sprintf|format|console\.\w+|logger?\.\w+|re\.\w+|\w+\.(?:push|add|append|test|match|matches|includes|contains|startswith|startsWith|set|put|send|write|reply))\s?\((?:\w{1,30}\()?\s?[rbuf]?["'`/]/,
  // `got := Parse("550 …")`; what an error prints of itself looks alike: `SMTPException('550 …')`.
  /\b(?!\w*(?:error|exception|failed|refused)\b)[a-z]\w{0,40}\((?:\w{1,30}\()?["'`](?:smtp; ?)?[45]\d\d[ -]/i,
  // Declarations and assignments: `const codes = ['5.1.1'`, `$error = "550 …";`, `static String s = "550 …";`.
  /^\s*(?:(?:export|public|private|protected|static|final|readonly) ){0,3}(?:const|let|var|val|String|string|auto|my|our) [$@%]?\w+ ?(?:: ?\w+ ?)?=[^=]/,
  /^\s*[$@]\w+(?:\[[^\]\n]{0,40}\])? ?=[^=][^\n]*;\s*$/,
  // Scenarios of tests: `When the server answers "550 …"`.
  /^\s{2,}(?:Given|When|Then|And|But)\s[^\n]*["']/,
  // Branches: `if (code === '5.1.1') {`, `case "5.7.1":`, `elif "5.1.1" in text:`.
  /^\s*(?:\} ?)?(?:if|else if|elif|elsif|while|switch|case|when|return|throw new|raise)\b(?=[^\n]*["'/(])[^\n]*(?:[{;:]|\bthen)\s*$/,
  /^\s*(?:throw(?: new)?|raise)\s[\w.]{1,60}\(/,
  /===|!==|[!=]=\s?["'`]|=>\s?[[{'"(]/,
  // Tables: `'5.1.1' => 'Bad mailbox',`, `"5.1.1": "hard",`, `('550 5.1.1', 'hard'),`.
  /^\s*[[({]?\s?["'](?:[245]\d\d[ -])?#?[245]\.\d\.\d{1,3}["']\s?(?:=>|:|,)/,
  /^\s*(?:assert\s|#define|#include|import\s|from\s\S+\simport|using\s|def\s|func\s|function\s|class\s|INSERT\sINTO|SELECT\s|UPDATE\s)/,
];

/** Commits (Conventional Commits 1.0.0) and the marks of a comparison: what was changed in a program. */
const changes =
  /^(?:(?:fix|feat|chore|test|refactor|docs|perf|build|ci|style)\([\w./, -]{1,60}\)!?: |@@ -\d+)/;

/** A line of source code is no longer than this; log lines are. */
const maxLine = 300;

/** Whether the place stands in a line of source code, which deals with refusals and is none. Looks at that line only. */
export function isInSourceCode(text: string, at: number): boolean {
  const from = text.lastIndexOf('\n', at - 1) + 1;
  const end = text.indexOf('\n', at);
  return isStatement(text.slice(from, end === -1 ? text.length : end));
}

const isStatement = (line: string): boolean =>
  line.length <= maxLine && (changes.test(line) || statements.some((statement) => statement.test(line)));

/** Whether people talk about a program here: a change to it, or two lines of it. Looks at no more than the beginning. */
export function isAboutSourceCode(text: string): boolean {
  const lines = text.slice(0, maxTalk).split('\n');
  return lines.some((line) => changes.test(line)) || lines.filter(isStatement).length >= 2;
}

const maxTalk = 4000;
