/**
 * Unsaved text, kept in this browser. Every window stores its draft under its own key and holds a lock of the same
 * name, so a draft whose lock is free belongs to a window that was closed.
 */

import type { Snapshot } from './letterDocument'

export interface Draft extends Snapshot {
  revision: number
  changes: number
  at: string
}

export class Drafts {
  private readonly own: string

  /** `place` identifies the text and the person, so that nobody is offered another person's draft. */
  constructor(private readonly place: string) {
    this.own = `${place} ${Math.random().toString(36).slice(2)}`
    // the browser releases the lock when the window closes, however it closes
    navigator.locks?.request(this.own, () => new Promise(() => undefined)).catch(() => undefined)
  }

  keep(revision: number, text: Snapshot, changes: number): void {
    const draft: Draft = { ...text, revision, changes, at: new Date().toISOString() }
    try {
      window.localStorage.setItem(this.own, JSON.stringify(draft))
    } catch {
      // localStorage is full or blocked: the text is still in the window, and beforeunload warns
    }
  }

  forget(): void {
    this.drop(this.own)
  }

  drop(key: string): void {
    try {
      window.localStorage.removeItem(key)
    } catch {
      // blocked localStorage has no drafts
    }
  }

  /**
   * Calls `offer` with a draft that a closed window left behind, the newest first; a window that is closing
   * releases its lock a moment later, so this waits for it. While `offer` runs, no other window gets the same draft.
   */
  async leftBehind(offer: (key: string, draft: Draft) => Promise<void>): Promise<void> {
    const found = this.keys()
      .filter((key) => key !== this.own)
      .map((key) => ({ key, at: read(key)?.at ?? '' }))
      .sort((a, b) => (a.at < b.at ? 1 : -1))
    const take = async (key: string) => {
      const draft = read(key) // as it is now: its window may have saved it since
      if (draft) await offer(key, draft)
    }
    for (const { key } of found) {
      if (navigator.locks) navigator.locks.request(key, () => take(key)).catch(() => undefined)
      else await take(key)
    }
  }

  private keys(): string[] {
    try {
      return Object.keys(window.localStorage).filter((key) => key.startsWith(`${this.place} `))
    } catch {
      return []
    }
  }
}

function read(key: string): Draft | null {
  try {
    const draft = JSON.parse(window.localStorage.getItem(key) ?? '') as Draft
    return draft.body?.type === 'doc' ? draft : null
  } catch {
    return null
  }
}
