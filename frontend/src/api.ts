/** The server's endpoints, one function each, with typed responses. Failed requests do not throw. */

import type { DocNode, Snapshot } from './letterDocument'
import type { Orphans } from './live/orphanedWords'
import type { Answer, Position } from './live/protocol'
import { message } from './messages'
import type { Fact } from './reader'

export interface Problem {
  kind: string
  /** bad: blocks freezing; warn: to be looked at */
  tone: 'bad' | 'warn'
  title: string
  text: string
  block: string
  /** label and URL of every fact or government that it is about */
  links: [string, string][]
}

export interface RankedFact extends Fact {
  /** why it fits the chosen government, where it does */
  why: string
  /** its words and the citation */
  insert: DocNode[]
}

export interface RankedPoint {
  number: number
  title: string
  reasons: string[]
  facts: RankedFact[]
  /** what "Insert" puts into the text: nodes of a letter document */
  insert: DocNode[]
}

/** A footnote as it will be printed, in the letter's language. */
export interface Note {
  n: number
  fact: string
  /** of several facts */
  facts?: string[]
  text: string
  url: string
}

/** The government the text is shown for, and one of its recipients. */
export interface Shown {
  member: string | null
  recipient: number | null
}

export interface Preview {
  html: string
  problems: Problem[]
  /** values of the merge fields for that government */
  values: Record<string, string>
  notes: Note[]
  /** the facts that the text cites, by key */
  facts?: Record<string, Fact>
}

const TIMEOUT = 20_000
/** Bytes per millisecond of the slowest line that still gets through: 32 kbit/s. */
const SLOWEST = 4

/** How much longer so much takes on a slow line. A limit that a large change never meets would send it for ever. */
export function onSlowLine(bytes: number): number {
  return Math.ceil(bytes / SLOWEST)
}

/** Requests that outlive their page (keepalive) may have at most 64 KB together, in UTF-8. */
const KEEPALIVE_LIMIT = 60_000

/** The cookie's name begins with __Host- on https; signing in elsewhere changes its value. */
function token(): string {
  const cookie = /(?:^|;\s*)(?:__Host-)?csrftoken=([^;]+)/.exec(document.cookie)?.[1]
  return cookie ?? document.querySelector<HTMLInputElement>('input[name=csrfmiddlewaretoken]')?.value ?? ''
}

export async function send(method: string, url: string, data?: unknown, leaving = false): Promise<Response | null> {
  const body = data === undefined ? undefined : JSON.stringify(data)
  try {
    return await fetch(url, {
      method,
      credentials: 'same-origin',
      redirect: 'manual', // a redirect leads to the sign-in page, so it is not a response of this API
      keepalive: leaving && new TextEncoder().encode(body).length < KEEPALIVE_LIMIT,
      signal: AbortSignal.timeout(TIMEOUT + onSlowLine(body?.length ?? 0)),
      headers: { Accept: 'application/json', 'X-CSRFToken': token(), ...(body ? { 'Content-Type': 'application/json' } : {}) },
      ...(body ? { body } : {}),
    })
  } catch {
    return null // no network, or no response in time
  }
}

async function json(response: Response | null): Promise<Record<string, unknown> | null> {
  try {
    return response ? ((await response.json()) as Record<string, unknown>) : null
  } catch {
    return null
  }
}

/** Say what this window has not sent yet, and hear what it lacks. `leaving`: the page may be gone before the response. */
export async function postUpdates(
  url: string,
  sent: Position & { updates: string[] },
  leaving: boolean,
): Promise<Answer> {
  const response = await send('POST', url, sent, leaving)
  if (!response) return { kind: 'lost', server: false }
  if (response.type === 'opaqueredirect' || response.status === 401) return { kind: 'signed-out', error: '' }
  const answer = await json(response)
  const error = String(answer?.error ?? answer?.detail ?? '')
  if (response.status === 409 && answer?.reset === false) return { kind: 'incomplete', error }
  if (response.status === 409 || (response.status === 403 && answer && 'reset' in answer)) return { kind: 'stopped', error }
  if (response.status === 403 || response.status === 404) return { kind: 'signed-out', error }
  if (response.ok && answer) {
    return {
      kind: 'merged',
      update: String(answer.update ?? ''),
      state: String(answer.state),
      orphaned: answer.orphaned as Orphans[],
      sequence: Number(answer.sequence),
      at: String(answer.saved_at),
      canEdit: answer.can_edit === true,
      document: String(answer.document ?? ''),
    }
  }
  if (response.status < 500 && !response.ok) return { kind: 'refused', error, reset: answer?.reset === true }
  return { kind: 'lost', server: true }
}

export async function postPreview(url: string, text: Snapshot, shown: Shown): Promise<Preview | { error: string }> {
  const response = await send('POST', url, { ...text, ...shown })
  const answer = await json(response)
  if (!response?.ok || !answer) return { error: String(answer?.error ?? '') }
  return answer as unknown as Preview
}

export async function getEvidence(url: string, member: string, words: string): Promise<RankedPoint[] | null> {
  const query = new URLSearchParams({ member, q: words })
  const response = await send('GET', `${url}?${query}`)
  const answer = await json(response)
  return response?.ok && answer ? (answer.points as RankedPoint[]) : null
}

/** Say that the text cites the fact as it is now, up to the revision that was read. Returns why not, or "". */
export async function postCitationUpdate(url: string, fact: string, revision: number): Promise<string> {
  const response = await send('POST', url, { fact, revision })
  if (response?.ok) return ''
  const answer = await json(response)
  return String(answer?.error ?? answer?.detail ?? '') || message('word-unreachable')
}

/** What a Word file says, to be cleaned and inserted as a paste is. */
export interface WordText {
  html: string
  left_out: Record<string, number>
  excerpts: string[]
}

const READING_FILE = 60_000

export async function postWordFile(url: string, file: File): Promise<WordText | { error: string }> {
  const body = new FormData()
  body.append('file', file)
  try {
    const response = await fetch(url, {
      method: 'POST',
      credentials: 'same-origin',
      redirect: 'manual',
      signal: AbortSignal.timeout(READING_FILE + onSlowLine(file.size)),
      headers: { Accept: 'application/json', 'X-CSRFToken': token() },
      body,
    })
    const answer = await json(response)
    return response.ok && answer ? (answer as unknown as WordText) : { error: String(answer?.error ?? '') }
  } catch {
    return { error: '' }
  }
}

export interface PassageAnswer {
  saved: boolean
  error: string
  /** the hash of the block as it is by now, where it changed meanwhile */
  base_sha256: string
}

/** A passage for one government. An unreachable server gives an answer without words. */
export async function postPassage(url: string, passage: Record<string, unknown>): Promise<PassageAnswer> {
  const response = await send('POST', url, passage)
  if (!response || response.type === 'opaqueredirect') return { saved: false, error: '', base_sha256: '' }
  const answer = await json(response)
  return { saved: response.ok, error: String(answer?.error ?? answer?.detail ?? ''), base_sha256: String(answer?.base_sha256 ?? '') }
}
