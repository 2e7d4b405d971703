/** Who else has the text open, and where their carets are. Relayed by the server, stored nowhere. */

import { Awareness, applyAwarenessUpdate, encodeAwarenessUpdate, removeAwarenessStates } from 'y-protocols/awareness'
import type * as Y from 'yjs'

import { fromBase64, toBase64 } from './base64'
import type { Person } from './protocol'

/** Carets follow at most this often. */
const EVERY = 200
/** Whoever is here when the page opens, or a connection comes back, did not come just now. */
const SETTLES_WITHIN = 5_000

interface Changed {
  added: number[]
  updated: number[]
  removed: number[]
}

export class Presence {
  readonly awareness: Awareness
  private timer = 0
  private settledAt = Infinity

  /** `send` takes what the others should know, as text. */
  constructor(doc: Y.Doc, person: Person, private readonly send: (update: string) => void) {
    this.awareness = new Awareness(doc)
    this.awareness.setLocalStateField('user', { ...person })
    this.awareness.on('update', ({ added }: Changed, origin: unknown) => {
      if (origin === 'local') this.tellSoon(EVERY)
      else if (added.length) this.tellSoon(Math.random() * EVERY) // whoever came does not know who is here
    })
  }

  /** Everybody whose page is open, each once, however many windows they have; without this person. */
  others(me: number): { person: Person; client: number }[] {
    const found = new Map<number, { person: Person; client: number }>()
    for (const [client, state] of this.awareness.getStates()) {
      const person = state.user as Person | undefined
      if (!person?.name || person.id === me || client === this.awareness.clientID) continue
      if (!found.has(person.id) || state.cursor) found.set(person.id, { person, client })
    }
    return [...found.values()].sort((a, b) => a.person.name.localeCompare(b.person.name))
  }

  /** Whether others who appear or go now are coming or going. */
  get settled(): boolean {
    return Date.now() > this.settledAt
  }

  /** The connection stands. */
  met(): void {
    this.settledAt = Date.now() + SETTLES_WITHIN
    this.tell()
  }

  hear(update: string): void {
    applyAwarenessUpdate(this.awareness, fromBase64(update), this)
  }

  tell(): void {
    window.clearTimeout(this.timer)
    this.timer = 0
    this.send(toBase64(encodeAwarenessUpdate(this.awareness, [this.awareness.clientID])))
  }

  /** The connection broke: nobody knows who is here. */
  lost(): void {
    this.settledAt = Infinity
    const others = [...this.awareness.getStates().keys()].filter((client) => client !== this.awareness.clientID)
    removeAwarenessStates(this.awareness, others, this)
  }

  /** The window is closing. */
  leave(): void {
    const state = this.awareness.getLocalState()
    this.awareness.setLocalState(null)
    this.tell()
    this.awareness.setLocalState(state) // it may come back
    window.clearTimeout(this.timer)
    this.timer = 0
  }

  private tellSoon(delay: number): void {
    if (!this.timer) this.timer = window.setTimeout(() => this.tell(), delay)
  }
}
