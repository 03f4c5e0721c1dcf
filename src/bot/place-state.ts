import { PrivateConversationState, type TurnContext } from 'botbuilder';

/** What a turn has loaded, and whether anything was kept before. */
interface InTurn {
  state: object;
  wasThere: boolean;
}

/**
 * The SDK's state of one person in one conversation, without its way to find out whether a turn has changed it: sorted JSON and its SHA-256,
 * up to three times a turn and a fortieth of it. Here whoever saves has changed something.
 */
export class PlaceState extends PrivateConversationState {
  readonly #inTurn = Symbol('bounce-desk.state');

  override async load(context: TurnContext, force = false): Promise<object> {
    const known = this.get(context);
    if (known !== undefined && !force) return known;
    const key = this.keyOf(context);
    const found: unknown = (await this.storage.read([key]))[key];
    const wasThere = typeof found === 'object' && found !== null;
    const state = wasThere ? found : {};
    context.turnState.set(this.#inTurn, { state, wasThere } satisfies InTurn);
    return state;
  }

  override async saveChanges(context: TurnContext): Promise<void> {
    const known = this.known(context);
    // Of somebody who was nowhere and is nowhere, there is nothing to keep.
    if (known === undefined || (!known.wasThere && Object.keys(known.state).length === 0)) return;
    await this.storage.write(this.unsaved(context) ?? {});
  }

  override clear(context: TurnContext): Promise<void> {
    context.turnState.set(this.#inTurn, { state: {}, wasThere: true } satisfies InTurn);
    return Promise.resolve();
  }

  override async delete(context: TurnContext): Promise<void> {
    context.turnState.set(this.#inTurn, undefined);
    await this.storage.delete([this.keyOf(context)]);
  }

  override get(context: TurnContext): object | undefined {
    return this.known(context)?.state;
  }

  /**
   * What a turn has made of the state, by storage key, for whoever writes it together with something else; null where the turn has not
   * looked at the state. As the SDK does it, the last one wins.
   */
  unsaved(context: TurnContext): Record<string, object> | null {
    const state = this.get(context);
    return state === undefined ? null : { [this.keyOf(context)]: { ...state, eTag: '*' } };
  }

  private known(context: TurnContext): InTurn | undefined {
    return context.turnState.get<InTurn | undefined>(this.#inTurn);
  }

  /** @throws for an activity without channel, conversation or sender. */
  private keyOf(context: TurnContext): string {
    const key = this.getStorageKey(context);
    if (key === undefined) throw new Error('The state of this turn has no key.');
    return key;
  }
}
