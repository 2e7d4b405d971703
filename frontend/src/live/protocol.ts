/** What the editor and the server say to each other about a text that several people write. Bytes travel as base64. */

import type { Orphans } from './orphanedWords'

export interface Person {
  id: number
  name: string
  /** one of the three colours of people */
  colour: number
}

/** What a window has. `rewritten`: see `OrphanedWords`. */
export interface Position {
  state: string
  client: number
  document: string
  rewritten: number[]
}

/** From the server. `update`: what this document lacks; `state`: the state vector of the server's document. */
export type Incoming =
  | { type: 'welcome'; update: string; state: string; orphaned: Orphans[]; can_edit: boolean; person: Person; document?: string }
  | { type: 'saved'; id: number; sequence: number; at: string; revision: number; orphaned: Orphans[] }
  | { type: 'update'; update: string }
  | { type: 'missing'; update: string; state: string }
  | { type: 'refused'; id: number; error: string; reset: boolean }
  | { type: 'frozen' | 'closed' | 'removed'; error: string }
  | { type: 'awareness'; update: string }
  | { type: 'text'; revision: number; sha256: string; saved_at: string }

export type Outgoing =
  | ({ type: 'hello' } & Position)
  | { type: 'update'; id: number; update: string }
  | { type: 'state'; state: string }
  | { type: 'awareness'; update: string }

/** The answer to a request that carries updates, where there is no socket. */
export type Answer =
  | { kind: 'merged'; update: string; state: string; orphaned: Orphans[]; sequence: number; at: string; canEdit: boolean; document: string }
  | { kind: 'refused'; error: string; reset: boolean }
  /** an earlier update is missing on the server */
  | { kind: 'incomplete'; error: string }
  | { kind: 'stopped'; error: string }
  | { kind: 'signed-out'; error: string }
  | { kind: 'lost'; server: boolean }
