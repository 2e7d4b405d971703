/** What the page says about the text: whether the server has it, and if not, why. */

import type { Unsent } from './unsent'

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

/** After so long it is said that saving takes time. */
export const SLOW_AFTER = 1_000

/** `silent`: of the line; `kept`: this browser keeps what is unsent; `savedAt`: when the server took something last. */
export function statusOf(
  blocked: Blocked | null, silent: { server: boolean } | null, unsent: Unsent, kept: boolean, savedAt: Date | null,
): Status {
  const { changes } = unsent
  if (blocked) return { ...blocked, changes }
  if (silent) return { kind: 'offline', changes, server: silent.server, kept }
  if (unsent.empty) return { kind: 'saved', at: savedAt }
  return Date.now() - unsent.since < SLOW_AFTER ? { kind: 'waiting' } : { kind: 'saving' }
}

/** A time as the server writes it. */
export function moment(value: string): Date | null {
  const date = new Date(value)
  return Number.isNaN(date.getTime()) ? null : date
}
