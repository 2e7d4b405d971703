/** What the page says about the text: whether the server has it, and if not, why. */

export type Status =
  | { kind: 'saved'; at: Date | null }
  /** typed a moment ago */
  | { kind: 'waiting' }
  | { kind: 'saving' }
  /** `server`: it answers, but not with what was asked; `kept`: the changes outlive this window */
  | { kind: 'offline'; changes: number; server: boolean; kept: boolean }
  /** the server does not take it as it is; it is asked again after the next change */
  | { kind: 'refused'; changes: number; reason: string }
  /** the server's document is another one now */
  | { kind: 'begun-anew'; changes: number; reason: string }
  | { kind: 'signed-out'; changes: number; reason: string }
  /** the text takes no more edits, or not this person's */
  | { kind: 'stopped'; changes: number; reason: string }

/** A status that lasts until somebody does something about it. */
export type Blocked = Extract<Status, { kind: 'refused' | 'begun-anew' | 'signed-out' | 'stopped' }>
