/**
 * What was typed and is not on the server yet, kept in this browser (IndexedDB) so that it outlives the window. Nothing
 * else of the letter is stored here. y-indexeddb is not used: it keeps the whole letter, and says neither that the
 * browser refuses storage nor that it is full.
 */

/** Words that could not be merged: those of the whole text where the server's document was begun anew, and those that were
 * written in a block where somebody has `replaced` that. */
interface Rescue {
  document: string
  text: string
  at: string
  replaced?: boolean
}

interface Row {
  document: string
  update: Uint8Array
}

export interface StoredEdits {
  /** updates to the document that the page shows, with their keys */
  updates: { key: number; update: Uint8Array }[]
  /** words that could not be merged */
  rescue: Rescue | null
}

const UPDATES = 'updates'
const RESCUE = 'rescue'
/** A disk that takes longer is not waited for. */
const MOMENT = 1000

export class Kept {
  private readonly opening: Promise<IDBDatabase | null>
  /** the browser does not store anything: what is unsent is in the window only */
  broken = false
  /** called once all that was to be stored is */
  stored: () => void = () => {}
  private writing = 0
  private since = 0

  /** `name` is of the person and the text. `document` is what the server has; what belongs to another cannot be merged. */
  constructor(name: string, private readonly document: string) {
    this.opening = open(name).catch(() => this.broke())
  }

  /** All that was added outlives this window. */
  get safe(): boolean {
    return !this.broken && this.writing === 0
  }

  /** Some of it is on its way to the disk, which takes a moment. */
  get storing(): boolean {
    return this.writing > 0 && Date.now() - this.since < MOMENT
  }

  /** Store an update. Resolves to its key, null where the browser does not store it. */
  async add(update: Uint8Array): Promise<number | null> {
    const row: Row = { document: this.document, update }
    if (this.writing === 0) this.since = Date.now()
    this.writing += 1
    const key = await this.run('readwrite', UPDATES, (store) => store.add(row))
    this.writing -= 1
    if (this.writing === 0) this.stored()
    return typeof key === 'number' ? key : null
  }

  /** The server has them. */
  async forget(keys: (number | null)[]): Promise<void> {
    for (const key of keys) {
      if (key !== null) await this.run('readwrite', UPDATES, (store) => store.delete(key))
    }
  }

  async keepWords(text: string): Promise<void> {
    const rescue: Rescue = { document: this.document, text, at: new Date().toISOString() }
    await this.run('readwrite', RESCUE, (store) => store.put(rescue, this.document))
  }

  async keepReplaced(text: string): Promise<void> {
    const rescue: Rescue = { document: `${this.document} replaced`, text, at: new Date().toISOString(), replaced: true }
    await this.run('readwrite', RESCUE, (store) => store.put(rescue, rescue.document))
  }

  async forgetWords(): Promise<void> {
    await this.run('readwrite', RESCUE, (store) => store.delete(this.document))
  }

  /** The words that could not be merged: somebody has them. */
  async forgetRescue(): Promise<void> {
    const keys = (await this.run('readonly', RESCUE, (store) => store.getAllKeys())) as string[] | null
    for (const key of (keys ?? []).filter((key) => key !== this.document)) {
      await this.run('readwrite', RESCUE, (store) => store.delete(key))
    }
  }

  /** What windows left here that closed before the server had it. Drops what cannot be merged, but for its words. */
  async load(): Promise<StoredEdits> {
    const rows = (await this.run('readonly', UPDATES, (store) => store.getAll())) as Row[] | null
    const keys = (await this.run('readonly', UPDATES, (store) => store.getAllKeys())) as number[] | null
    const words = (await this.run('readonly', RESCUE, (store) => store.getAll())) as Rescue[] | null
    const all = (rows ?? []).map((row, index) => ({ ...row, key: keys?.[index] ?? 0 }))
    await this.forget(all.filter((row) => row.document !== this.document).map((row) => row.key))
    return {
      updates: all.filter((row) => row.document === this.document),
      rescue: together((words ?? []).filter((rescue) => rescue.document !== this.document)),
    }
  }

  /** Runs one request in a transaction of its own. Null where the browser does not store anything. */
  private async run(mode: IDBTransactionMode, name: string, act: (store: IDBObjectStore) => IDBRequest): Promise<unknown> {
    const database = await this.opening
    if (!database || this.broken) return null
    try {
      return await new Promise((resolve, reject) => {
        const transaction = database.transaction(name, mode)
        const request = act(transaction.objectStore(name))
        transaction.oncomplete = () => resolve(request.result)
        transaction.onabort = () => reject(transaction.error) // full, most often
        transaction.onerror = () => reject(transaction.error)
      })
    } catch {
      return this.broke()
    }
  }

  private broke(): null {
    this.broken = true
    return null
  }
}

/** All of them, with the time of the last. */
function together(words: Rescue[]): Rescue | null {
  const last = words.sort((one, other) => one.at.localeCompare(other.at)).at(-1)
  const replaced = words.some((rescue) => rescue.replaced)
  return last ? { ...last, replaced, text: words.map((rescue) => rescue.text).join('\n\n') } : null
}

function open(name: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = window.indexedDB.open(name, 1)
    request.onupgradeneeded = () => {
      request.result.createObjectStore(UPDATES, { autoIncrement: true })
      request.result.createObjectStore(RESCUE)
    }
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
    request.onblocked = () => reject(request.error)
  })
}
