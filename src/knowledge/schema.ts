import { z } from 'zod';
import { parseMarkup } from './markup';

/** Who can end a bounce. `wait` means that time alone does. */
export const actors = [
  'sender',
  'senderAdmin',
  'groupOwner',
  'recipient',
  'recipientAdmin',
  'microsoft',
  'wait',
] as const;
export type Actor = (typeof actors)[number];

/**
 * What a report tells about who stands where. `forged`: most likely the sender never sent it. `forwarded`: another organization's address than the one written to failed.
 * `ownProgram`: the words of a program that hands mail to its own side's server. `ownSide`: the sender's own organization refused. `group`: the report speaks of a group.
 * `unlisted`: of a dynamic group or public folder, which Microsoft 365's edge cannot know. `noAddresses`: it names nobody.
 */
export const circumstances = [
  'forged',
  'forwarded',
  'ownProgram',
  'ownSide',
  'group',
  'unlisted',
  'noAddresses',
] as const;
export type Circumstance = (typeof circumstances)[number];

/** Whom an article can give steps to: the actors that are people in front of the bot. */
export const audiences = ['sender', 'recipient', 'groupOwner', 'senderAdmin', 'recipientAdmin'] as const;
export type Audience = (typeof audiences)[number];

/** Where a procedure can be carried out; the keys of `ways`. */
export const ways = [
  'newEac',
  'powershell',
  'classicEac',
  'outlook',
  'outlookWeb',
  'teams',
  'adminCenter',
  'defender',
] as const;
export type Way = (typeof ways)[number];

/** The kinds of recipient that Exchange Online treats differently. */
export const recipientKinds = ['mailbox', 'group', 'm365Group', 'mailUser', 'publicFolder'] as const;
export type RecipientKind = (typeof recipientKinds)[number];

/**
 * `permanent`: nothing moves until somebody changes something.
 * `temporary`: the server still tries, or would if the message were sent again.
 * `timeHeals`: this message is dead, but the same message sent later arrives.
 */
export const lastings = ['permanent', 'temporary', 'timeHeals'] as const;
export type Lasting = (typeof lastings)[number];

/** What a question may be about that the bounce itself often tells, each with the values that options name. */
export const topics = {
  recipientKind: ['mailbox', 'mailUser', 'publicFolder', 'distributionGroup', 'm365Group', 'dynamicGroup'],
  /** `on`: delayed, servers still try; `over`: this message is not tried any more. */
  tries: ['on', 'over'],
  /** Whether sender and recipient belong to one organization. */
  organization: ['same', 'other'],
  /** Whether a mailbox or group passed the message on before it was refused. */
  forwarded: ['yes', 'no'],
  /** Whose server sent the message out and wrote the report when it was refused. */
  sentBy: ['exchangeOnline', 'other'],
} as const;
export type Topic = keyof typeof topics;

const groupKinds = ['distributionGroup', 'm365Group', 'dynamicGroup'];
/** What an article's `recipientIs` tells of the topic `recipientKind`. */
export const recipientValues: Readonly<Record<RecipientKind, readonly string[]>> = {
  mailbox: ['mailbox'],
  group: groupKinds,
  m365Group: ['m365Group'],
  mailUser: ['mailUser'],
  publicFolder: ['publicFolder'],
};

/** Where a script runs. Only Exchange Online needs `Connect-ExchangeOnline` first. */
export const shells = ['exchangeOnline', 'exchangeServer', 'windows'] as const;

const words = (text: string): number => text.trim().split(/\s+/).length;

/** A line of our own prose: bold for UI labels, backticks for tokens, `{fact}`, `[label](https://…)`. */
export const prose = (maxLength: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(maxLength)
    .superRefine((text, context) => {
      const parsed = parseMarkup(text);
      if (!parsed.ok) context.addIssue({ code: 'custom', message: parsed.problem });
    });

/** A heading is drawn where Markdown is read, so it is plain: no facts, no markup, no signs that Markdown knows. */
const heading = z
  .string()
  .trim()
  .min(1)
  .max(80)
  .regex(/^[^*_[\]`{}<>]+$/, 'a heading is plain words, without {facts} and markup');

export const link = z.strictObject({
  label: z.string().min(1).max(90),
  url: z.string().regex(/^https:\/\/[\w.-]+(?:[/?#]\S*)?$/, 'a link is https and has no spaces'),
});

/** PowerShell. `{recipient}` becomes a safely quoted value, so no quotes stand around it in the file. */
const script = z
  .string()
  .trim()
  .min(1)
  .max(1500)
  .superRefine((text, context) => {
    if (/['"]\{\w+\}|\{\w+\}['"]/.test(text)) {
      context.addIssue({
        code: 'custom',
        message: 'write {fact} without quotes: they are added, and doubled where needed',
      });
    }
    const parsed = parseMarkup(text, { factsOnly: true });
    if (!parsed.ok) context.addIssue({ code: 'custom', message: parsed.problem });
  });

const step = z.union([prose(400), z.strictObject({ text: prose(400), script })]);
export type Step = z.infer<typeof step>;

const way = z.strictObject({
  intro: prose(300).optional(),
  steps: z.array(step).min(1).max(12),
  script: script.optional(),
  shell: z.enum(shells).optional(),
});

const procedureFields = z.strictObject({
  /** What this achieves, in a few words: the heading of the card. */
  title: heading,
  intro: prose(300).optional(),
  /** The role somebody needs to be allowed to do this. */
  role: prose(200).optional(),
  steps: z.array(step).min(1).max(12).optional(),
  script: script.optional(),
  /** Where the scripts run, unless a way says otherwise; Exchange Online where nothing is said. */
  shell: z.enum(shells).optional(),
  /** The same thing in several tools; the person is asked which one, in this order. */
  ways: z.partialRecord(z.enum(ways), way).optional(),
  /** A message that is ready to copy. */
  draft: z
    .strictObject({
      /** `service`: whoever runs the gateway or mail service that refuses. */
      to: z.enum([
        'sender',
        'recipient',
        'groupOwner',
        'senderAdmin',
        'recipientAdmin',
        'microsoft',
        'service',
      ]),
      text: prose(1500),
      /** No chat is offered: the address of the report is not the person's, as where mail was forwarded on. */
      chat: z.literal(false).optional(),
    })
    .optional(),
  /** What else the change does. */
  effect: prose(300).optional(),
  /** How long until it works. */
  takes: prose(200).optional(),
  /** How to see that it worked. */
  check: z.array(step).max(6).optional(),
  notes: z.array(prose(400)).max(6).optional(),
  links: z.array(link).max(8).optional(),
  /** Nothing is mended here, somebody is only told or something left alone: whether it worked is not asked. */
  settled: z.literal(true).optional(),
});

export const procedureSchema = procedureFields.superRefine((procedure, context) => {
  const hasWays = procedure.ways !== undefined && Object.keys(procedure.ways).length > 0;
  if (hasWays === (procedure.steps !== undefined)) {
    context.addIssue({ code: 'custom', message: 'a procedure has either steps or ways' });
  }
  if (hasWays && procedure.script !== undefined) {
    context.addIssue({ code: 'custom', message: 'a script beside ways belongs into ways.powershell' });
  }
});
export type Procedure = z.infer<typeof procedureSchema>;

/** `use`: the tree of knowledge/procedures/<name>.yaml stands here. */
export interface Use {
  use: string;
}

export interface Option {
  id: string;
  label: string;
  /** Other words a person may type for this option. */
  words?: string[] | undefined;
  /** The values of the question's topic that this is the answer for. */
  is?: string[] | undefined;
  then: Node;
}

export interface Question {
  ask: string;
  /** How to find the answer out. */
  help?: string | undefined;
  /** Where the bounce tells, options that cannot apply are left out, and a question with one left is not asked. */
  about?: Topic | undefined;
  options: Option[];
}

export type Node = Use | Question | Procedure;

const use = z.strictObject({ use: z.string().min(1) });

const option: z.ZodType<Option> = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-zA-Z0-9-]{0,30}$/, 'an option id is letters, digits and hyphens'),
  /** Teams cuts a button's title at about this length in a narrow pane. */
  label: z.string().min(1).max(34),
  words: z.array(z.string().min(1)).max(8).optional(),
  is: z.array(z.string().min(1)).min(1).optional(),
  then: z.lazy(() => nodeSchema),
});

const question: z.ZodType<Question> = z
  .strictObject({
    ask: prose(160),
    help: prose(300).optional(),
    about: z.enum(['recipientKind', 'tries', 'organization', 'forwarded', 'sentBy']).optional(),
    options: z.array(option).min(2).max(9),
  })
  .superRefine(({ about, options }, context) => {
    const named = options.flatMap((one) => one.is ?? []);
    const values: readonly string[] = about === undefined ? [] : topics[about];
    const unknown = named.find((value) => !values.includes(value));
    const forgotten = values.find((value) => !named.includes(value));
    if (unknown !== undefined) {
      const message =
        about === undefined
          ? 'options have "is" only where the question says what it is "about"'
          : `"${unknown}" is no value of ${about}: ${values.join(', ')}`;
      context.addIssue({ code: 'custom', path: ['options'], message });
    } else if (forgotten !== undefined) {
      context.addIssue({ code: 'custom', path: ['options'], message: `no option says "is" of ${forgotten}` });
    }
  });

export const nodeSchema: z.ZodType<Node> = z.lazy(() =>
  // Chosen by its key, so that an error names the real field and not "no alternative fits".
  z.unknown().transform((value, context): Node => {
    const keys = typeof value === 'object' && value !== null ? value : {};
    const schema = 'use' in keys ? use : 'ask' in keys ? question : procedureSchema;
    const result = schema.safeParse(value);
    if (result.success) return result.data;
    for (const issue of result.error.issues) {
      const keys = issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
      context.addIssue({ code: 'custom', path: [...issue.path, ...keys], message: issue.message });
    }
    return z.NEVER;
  }),
);

const codePattern = /^[245]\.(?:\*\.\*|\d{1,3}\.(?:\*|\d{1,3}(?:-\d{1,3})?))$/;

export const articleSchema = z
  .strictObject({
    /** Single codes ("5.7.124"), inclusive ranges ("4.7.500-699"); none where only a phrase tells. */
    codes: z
      .array(z.string().regex(codePattern, 'a code is 5.7.1, or a range such as 4.7.500-699'))
      .default([]),
    /** Reply codes that this meaning comes with; they tell siblings apart, they never decide alone. */
    replies: z.array(z.string().regex(/^[2-5]\d\d$/)).default([]),
    /** Literal pieces that choose this meaning among the articles of the same code. */
    tokens: z.array(z.string().min(3)).default([]),
    /** Literal pieces so particular that they choose this article whatever the code says, or without any code. */
    phrases: z.array(z.string().min(6)).default([]),
    /** Literal pieces in common use that choose this article where no other one has code and words. */
    clues: z.array(z.string().min(6)).default([]),
    /** The code alone never leads here, only together with one of the tokens. */
    needsWords: z.boolean().default(false),
    /** Where several meanings stay open, the commonest (1) is offered first. */
    rank: z.number().int().min(1).max(9).default(5),
    /** Whose server must have refused for this meaning to hold. */
    refusedBy: z.enum(['microsoft', 'other']).optional(),
    /** Only an envelope around another server's reply: what that reply says wins when it is known. */
    wraps: z.boolean().default(false),
    /** The class-and-subject answers that stand in where no article knows the code. */
    general: z.boolean().default(false),
    title: heading,
    summary: prose(400).refine((text) => words(text) <= 40, 'a verdict has at most 40 words'),
    /** How the person recognises this meaning when the report does not decide: "It says relay". */
    looksLike: prose(90),
    lasting: z.enum(lastings),
    whoCanFix: z.array(z.enum(actors)).min(1),
    /** Who comes first instead where the report tells of a circumstance; of several the earlier in {@link circumstances} counts. */
    whoFirst: z.partialRecord(z.enum(circumstances), z.enum(actors)).default({}),
    recipientIs: z.enum(recipientKinds).optional(),
    audiences: z.partialRecord(z.enum(audiences), nodeSchema),
    /** Articles worth a look when this one did not help. */
    related: z.array(z.string()).max(4).default([]),
    sources: z.array(link).min(1).max(8),
    checked: z.iso.date(),
  })
  .superRefine((article, context) => {
    if (article.audiences.sender === undefined) {
      context.addIssue({
        code: 'custom',
        path: ['audiences'],
        message: 'the sender is never left without an answer: add audiences.sender',
      });
    }
    const leads =
      article.codes.length + article.phrases.length + (article.general ? article.replies.length : 0);
    if (leads === 0) {
      context.addIssue({
        code: 'custom',
        path: ['codes'],
        message: 'an article needs a code or a phrase, or nothing leads to it',
      });
    }
    if (!article.general && article.codes.some((code) => code.includes('*'))) {
      context.addIssue({
        code: 'custom',
        path: ['codes'],
        message: 'only a general article answers a whole class or subject',
      });
    }
    for (const actor of new Set([...article.whoCanFix, ...Object.values(article.whoFirst)])) {
      if (actor === 'microsoft' || actor === 'wait' || actor === 'recipient') continue;
      if (article.audiences[actor] === undefined) {
        context.addIssue({
          code: 'custom',
          path: ['whoCanFix'],
          message: `${actor} can fix it, but audiences.${actor} is missing`,
        });
      }
    }
  });

/** knowledge/registry/*.yaml: what the IANA registry calls a class-independent code such as X.7.1. */
export const registrySchema = z.array(
  z.strictObject({
    code: z.string().regex(/^X\.\d{1,3}\.\d{1,3}$/),
    name: z.string().min(1),
    /** The same in plain words, when the name alone does not say it. */
    plain: z.string().min(1).optional(),
    rfc: z.string().min(1),
  }),
);
export type RegistryEntry = z.infer<typeof registrySchema>[number];

export type ArticleFile = z.infer<typeof articleSchema>;
/** An article as the product uses it; `id` is its file's name. */
export type Article = ArticleFile & { id: string };
