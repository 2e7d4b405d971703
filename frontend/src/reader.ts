/**
 * The government the text is shown for: its values of merge fields, which blocks it gets, and the numbers of its notes.
 * Views that show any of these subscribe, and redraw when they change.
 */

import type { Node as ProseNode } from '@tiptap/pm/model'

import { getEvidence, type Note } from './api'
import type { Audience } from './commands'
import { plural, formatList, message } from './messages'
import { numberNotes, type Noted, type Numbering, type Place } from './numbering'

export interface Field {
  key: string
  label: string
  envelope: boolean
  value: string
}

/** What became of a fact since it was cited. */
export interface Since {
  /** as it was */
  statement: string
  /** label, before, after */
  differences: [string, string, string][]
  reasons: string[]
}

export interface Fact extends Place {
  key: string
  number: string
  statement: string
  /** verified | consistent | unverified | caution */
  verification: string
  caution: string
  citation: string
  retired: boolean
  /** corrected since it was cited here */
  changed?: boolean
  revision?: number
  since?: Since | null
}

/** Why a cited fact is marked, as the checklist does: withdrawn, corrected since, under caution, or unchecked. */
export function doubts(fact: Fact | undefined): string[] {
  if (!fact) return []
  return [
    fact.retired ? message('doubt-retired') : '',
    fact.changed ? message('doubt-changed') : '',
    fact.caution ? message('doubt-caution', { caution: fact.caution }) : '',
    fact.verification === 'caution' && !fact.caution ? message('doubt-caution-unsaid') : '',
    fact.verification === 'unverified' ? message('fact-unverified') : '',
  ].filter(Boolean)
}

export function doubtful(fact: Fact | undefined): boolean {
  return doubts(fact).length > 0
}

/** A group, stance or government that a block can be limited to, with the codes of its governments. */
export interface Entry {
  entry: string
  label: string
  kind: 'group' | 'stance' | 'member'
  members: string[]
}

export class Reader {
  readonly fields = new Map<string, Field>()
  readonly facts = new Map<string, Fact>()
  /** the text of each fact's footnote, in the letter's language */
  readonly citations = new Map<string, string>()
  readonly entries = new Map<string, Entry>()
  /** the facts that the server finds, null if it does not respond; see `searchAt` */
  search: (words: string) => Promise<Fact[] | null> = async () => null
  /** codes of the governments the letter goes to */
  readonly addressees = new Set<string>()
  private readonly listeners = new Set<() => void>()
  private numbering: Numbering = { order: [], facts: new Map(), own: new Map() }
  /** what a mark of something left out says, by its kind */
  lostWords: Record<string, string> = {}
  member = ''
  memberName = ''

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  /** Notify the subscribers. */
  redraw(): void {
    for (const listener of this.listeners) listener()
  }

  /** Facts are searched for the chosen government, at this address. */
  searchAt(url: string): void {
    this.search = async (words) => {
      const points = await getEvidence(url, this.member, words)
      const found = points && points.flatMap((point) => point.facts)
      if (found) this.learn(found)
      return found
    }
  }

  /** What the notes say. */
  cite(notes: Note[]): void {
    for (const note of notes) for (const fact of note.facts ?? [note.fact]) this.citations.set(fact, note.text)
  }

  learn(facts: Fact[]): void {
    for (const fact of facts) this.facts.set(fact.key, { ...this.facts.get(fact.key), ...fact })
  }

  fill(values: Record<string, string>): void {
    for (const field of this.fields.values()) field.value = values[field.key] ?? ''
  }

  /** What a merge field shows, and whether that is a gap. */
  value(key: string, fallback: string): { text: string; gap: boolean } {
    const field = this.fields.get(key)
    const text = field?.value || fallback
    return text ? { text, gap: false } : { text: `${field?.label ?? key} ?`, gap: true }
  }

  /** The number of a fact's note in the member's letter, or null if the letter does not have it. */
  number(fact: string): number | null {
    return this.numbering.facts.get(fact) ?? null
  }

  /** The number of the letter's own note at this position. */
  noteNumber(pos: number): number | null {
    return this.numbering.own.get(pos) ?? null
  }

  /** What the notes say, in their order. */
  get noted(): Noted[] {
    return this.numbering.order
  }

  /** "An image was left out here. (chart of levies)" */
  lostSentence(what: string, words: string | null): string {
    return [this.lostWords[what] ?? what, words && `(${words})`].filter(Boolean).join(' ')
  }

  /** Number the notes of `doc` as the member gets them. */
  renumber(doc: ProseNode): void {
    const before = this.sequence()
    this.numbering = numberNotes(doc, this.facts, (limits) => this.gets(limits))
    if (before !== this.sequence()) this.redraw()
  }

  /** How many notes all passages of `doc` have, for whomever they are. */
  countNotes(doc: ProseNode): number {
    return numberNotes(doc, this.facts, () => true).order.length
  }

  private sequence(): string {
    return JSON.stringify(this.noted.map(({ facts, text }) => [facts, text]))
  }

  /** The codes of the addressees that a block reaches. */
  reached(audience: Audience): Set<string> {
    const reached = audience.only.length ? this.members(audience.only) : new Set(this.addressees)
    for (const code of this.members(audience.except)) reached.delete(code)
    return reached
  }

  /** Whether the chosen government gets the block. The general edition has blocks without "only to". */
  gets(audience: Audience): boolean {
    return this.member ? this.reached(audience).has(this.member) : audience.only.length === 0
  }

  /** "Only to the African Group: 44 governments", "Not to …: leaves out 36 governments, Kenya gets it". */
  sentence(audience: Audience): string {
    if (!audience.only.length && !audience.except.length) return message('audience-all')
    const only = formatList(audience.only.map((entry) => this.label(entry)))
    const except = formatList(audience.except.map((entry) => this.label(entry)))
    const reached = this.reached(audience).size
    if (!audience.except.length) return this.withVerdict(plural('audience-only', reached, { who: only }), audience)
    if (!audience.only.length) {
      const left = this.members(audience.except).size
      return this.withVerdict(plural('audience-not', left, { who: except }), audience)
    }
    return this.withVerdict(plural('audience-both', reached, { who: only, others: except }), audience)
  }

  /** "Only to African Group: 44 governments, Kenya does not get it". */
  private withVerdict(limits: string, audience: Audience): string {
    if (!this.memberName) return limits
    const gets = this.gets(audience)
    if (gets && !audience.except.length) return limits
    return message(gets ? 'audience-gets' : 'audience-misses', { limits, name: this.memberName })
  }

  private label(entry: string): string {
    return this.entries.get(entry)?.label ?? entry.replace(/^\w+:/, '')
  }

  private members(entries: string[]): Set<string> {
    const named = entries.flatMap((entry) => this.entries.get(entry)?.members ?? [])
    return new Set(named.filter((code) => this.addressees.has(code)))
  }
}
