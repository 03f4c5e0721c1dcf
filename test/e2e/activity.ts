import { z } from 'zod';

const account = z.looseObject({
  id: z.string(),
  name: z.string().optional(),
  aadObjectId: z.string().optional(),
});
export const activitySchema = z.looseObject({
  type: z.string(),
  id: z.string().optional(),
  name: z.string().optional(),
  text: z.string().optional(),
  value: z.unknown().optional(),
  action: z.string().optional(),
  replyToId: z.string().optional(),
  from: account.optional(),
  recipient: account.optional(),
  conversation: z.looseObject({ id: z.string(), conversationType: z.string().optional() }).optional(),
  membersAdded: z.array(account).optional(),
  attachments: z
    .array(z.looseObject({ contentType: z.string(), content: z.unknown().optional() }))
    .optional(),
  entities: z.array(z.looseObject({ type: z.string() })).optional(),
  channelData: z.unknown().optional(),
});
export type Activity = z.infer<typeof activitySchema>;

/** An activity the bot got, and what it answered to the HTTP request: for an invoke the card, otherwise nothing. */
export interface Turn {
  readonly activity: Activity;
  readonly status: number;
  readonly body: string;
  readonly ms: number;
}

/** What the bot sent (POST) or replaced (PUT), as the connector would have got it. */
export interface Sent {
  readonly method: string;
  readonly path: string;
  readonly activity: Activity;
  /** Of the JSON, in UTF-16 as Teams counts. */
  readonly bytes: number;
}
