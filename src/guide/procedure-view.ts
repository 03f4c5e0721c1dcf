import { codePattern } from '../knowledge/codes';
import type { Article, Audience, Procedure, Question, Step, Way } from '../knowledge/schema';
import type { Problem } from './case';
import { fill, fillScript, type Piece } from './fill';
import { openOptions } from './known';
import { draftView } from './draft';
import { ownNotes } from './own-notes';
import { deeper, place, rolesOf, waysOf, type Scene } from './scene';
import type { Choice, Position, StepView, View } from './view';

/** A question of the article. */
export function questionView(scene: Scene, question: Question, crumbs: string[]): View {
  const { facts, phrases, position } = scene;
  const choices = openOptions(question, scene.known).map((option): Choice => ({
    label: option.label,
    words: (option.words ?? []).map((word) => word.toLowerCase()),
    to: deeper(position, option.id),
  }));
  return {
    kind: 'question',
    ...place(scene, crumbs, choices),
    ask: fill(question.ask, facts, phrases),
    help: question.help === undefined ? [] : fill(question.help, facts, phrases),
  };
}

/** The same steps exist for several tools: which one. */
export function wayView(scene: Scene, procedure: Procedure, crumbs: string[]): View {
  const { facts, phrases, position } = scene;
  const choices = waysOf(procedure).map((way): Choice => ({
    label: phrases.t(`way.${way}`),
    words: phrases.words(`way.${way}`),
    to: deeper(position, way),
  }));
  return {
    kind: 'question',
    ...place(scene, crumbs, choices),
    ask: [
      {
        text: `${fill(procedure.title, facts, phrases)
          .map(({ text }) => text)
          .join('')}: `,
        style: 'plain',
      },
      { text: phrases.t('ask.way'), style: 'plain' },
    ],
    help: waysOf(procedure).includes('classicEac')
      ? [{ text: phrases.t('ask.way.classic'), style: 'plain' }]
      : [],
  };
}

/** The steps, or what became of them. */
export function procedureView(
  scene: Scene,
  procedure: Procedure,
  crumbs: string[],
  way: Way | undefined,
): View {
  const { facts, phrases, position } = scene;
  const takes = procedure.takes === undefined ? [] : fill(procedure.takes, facts, phrases);
  if (position.outcome === 'fixed')
    return { kind: 'fixed', ...place(scene, crumbs, []), tries: scene.problem.tries };
  if (position.outcome === 'stuck') {
    const related = relatedTo(scene);
    const here = elsewhere(scene);
    return {
      kind: 'stuck',
      ...place(scene, crumbs, [...here, ...related.map(({ choice }) => choice)]),
      forOthers:
        position.path[0] === 'sender' &&
        here.some(({ to: { path } }) => path[0] !== 'sender' && path.length > 0),
      tries: scene.problem.tries,
      takes,
      related,
    };
  }
  const chosen = way === undefined ? undefined : procedure.ways?.[way];
  const steps = chosen?.steps ?? procedure.steps ?? [];
  const script = chosen?.script ?? procedure.script;
  const toStep = (step: Step): StepView =>
    typeof step === 'string'
      ? { pieces: fill(step, facts, phrases), script: null }
      : { pieces: fill(step.text, facts, phrases), script: fillScript(step.script, facts) };
  const stepViews = steps.map(toStep);
  const check = (procedure.check ?? []).map(toStep);
  const optional = (source: string | undefined): Piece[] =>
    source === undefined ? [] : fill(source, facts, phrases);
  return {
    kind: 'procedure',
    ...place(scene, crumbs, procedure.settled === true ? [] : outcomesOf(scene)),
    title: fill(procedure.title, facts, phrases),
    intro: [
      ...optional(procedure.intro),
      ...(procedure.intro !== undefined && chosen?.intro !== undefined
        ? [{ text: ' ', style: 'plain' as const }]
        : []),
      ...optional(chosen?.intro),
    ],
    own: ownNotes(scene, procedure),
    role: optional(procedure.role),
    steps: stepViews,
    script: script === undefined ? null : fillScript(script, facts),
    needsShell:
      (chosen?.shell ?? procedure.shell ?? 'exchangeOnline') === 'exchangeOnline' &&
      (script !== undefined || stepViews.some((step) => step.script !== null)),
    draft: procedure.draft === undefined ? null : draftView(scene, procedure.draft),
    effect: optional(procedure.effect),
    takes,
    check,
    notes: (procedure.notes ?? []).map((note) => fill(note, facts, phrases)),
    links: procedure.links ?? [],
    settled: procedure.settled === true,
  };
}

/** What may have become of it, once somebody has followed the steps. */
const outcomesOf = ({ phrases, position, problem }: Scene): Choice[] => [
  {
    label: phrases.t('outcome.fixed'),
    words: phrases.words('outcome.fixed'),
    to: { ...position, outcome: 'fixed' },
  },
  {
    label: phrases.t(problem.tries === 'on' ? 'outcome.waiting' : 'outcome.stuck'),
    words: phrases.words('outcome.stuck'),
    to: { ...position, outcome: 'stuck' },
  },
];

/** A message that was given up, where the report says that it is still being tried. */
const isTooLate = (related: Article, { tries }: Problem): boolean =>
  tries === 'on' &&
  related.lasting === 'timeHeals' &&
  related.codes.length > 0 &&
  related.codes.every((source) => source.startsWith('5.'));

/** Another meaning of the very code: where the words of the report decided, it is none. */
const isRuledOut = (related: Article, { facts, certainty, evidence }: Problem): boolean =>
  certainty === 'sure' &&
  evidence.some(({ kind }) => kind === 'words') &&
  related.codes.some((source) => facts.code !== null && codePattern(source).hit(facts.code) >= 3);

/** Articles worth a look when this one did not help, each with the button that leads there. */
function relatedTo({
  article,
  position,
  phrases,
  knowledge,
  facts,
  problem,
}: Scene): { title: Piece[]; choice: Choice }[] {
  const labels = new Map<string, number>();
  return article.related.flatMap((id) => {
    const related = knowledge.articles.get(id);
    if (related === undefined || isRuledOut(related, problem) || isTooLate(related, problem)) return [];
    const [code] = related.codes;
    const label = code === undefined ? phrases.t('stuck.seeThis') : phrases.t('stuck.see', { code });
    const times = (labels.get(label) ?? 0) + 1;
    labels.set(label, times);
    // Two meanings of one code: a typed label has to mean one of them.
    const unique = times === 1 ? label : `${label} (${String(times)})`;
    const to: Position = { problem: position.problem, article: id, path: [] };
    return [
      {
        title: fill(related.title, facts, phrases),
        choice: { label: unique, words: times === 1 ? related.codes : [], to },
      },
    ];
  });
}

/** Whether all that somebody else could do is to ask the very person who reads: no way on for them. */
function asksMe(scene: Scene, audience: Audience): boolean {
  const tree = scene.article.audiences[audience];
  if (tree === undefined) return false;
  const first = scene.resolve(tree);
  return 'draft' in first && first.draft?.to === scene.position.path[0];
}

/** What is left to try when the steps did not help: the other branches here, the other people, the other meanings. */
function elsewhere(scene: Scene): Choice[] {
  const { position, phrases, problem, up = position.path.slice(0, -1) } = scene;
  const choices: Choice[] = [];
  const parent = { problem: position.problem, article: position.article, path: up };
  if (up.length > 0) choices.push({ label: phrases.t('stuck.otherAnswer'), words: [], to: parent });
  for (const { audience, label, words } of rolesOf(scene)) {
    if (audience === position.path[0] || asksMe(scene, audience)) continue;
    choices.push({ label, words, to: { ...parent, path: [audience] } });
  }
  if (problem.candidates.length > 0)
    choices.push({
      label: phrases.t('stuck.otherMeaning'),
      words: [],
      to: { problem: position.problem, article: null, path: [] },
    });
  return choices;
}
