/** The subject: a shared text in a text field. The caret stays where it is when others write. */

import { simpleDiffStringWithCursor } from 'lib0/diff'
import * as Y from 'yjs'

import type { Place } from '../find/matches'

export class SubjectField {
  private readonly undo: Y.UndoManager
  composing = false

  /** `clean` returns the text as a letter may hold it. */
  constructor(
    readonly field: HTMLTextAreaElement,
    private readonly text: Y.Text,
    private readonly clean: (value: string) => string,
  ) {
    this.field.value = text.toString()
    this.undo = new Y.UndoManager(text, { trackedOrigins: new Set([this]) })
    text.observe((event, transaction) => {
      if (transaction.origin !== this) this.follow(event.delta)
    })
    field.addEventListener('compositionstart', () => void (this.composing = true))
    field.addEventListener('compositionend', () => void (this.composing = false))
    field.addEventListener('input', () => this.typed())
    field.addEventListener('keydown', (event) => this.takeBack(event))
    field.addEventListener('beforeinput', (event) => {
      if (event.inputType === 'historyUndo' || event.inputType === 'historyRedo') {
        event.preventDefault() // of a menu; the browser's own would take back what others wrote
        this.step(event.inputType === 'historyUndo')
      }
    })
  }

  get value(): string {
    return this.text.toString()
  }

  /** Whoever writes: tell it. */
  watch(run: () => void): void {
    this.text.observe(run)
  }

  /** Put `words` in these places, as one step for "Undo". False, and nothing happens, if that is longer than it may be. */
  replace(places: Place[], words: string): boolean {
    const longer = places.reduce((sum, { from, to }) => sum + words.length - (to - from), 0)
    if (this.value.length + longer > this.field.maxLength) return false
    this.undo.stopCapturing()
    this.text.doc?.transact(() => {
      for (const { from, to } of [...places].reverse()) {
        this.text.delete(from, to - from)
        this.text.insert(from, words)
      }
    }, this)
    this.undo.stopCapturing()
    this.field.value = this.value
    return true
  }

  private typed(): void {
    if (!this.composing) this.cleanUp()
    const { value, selectionStart } = this.field
    const { index, remove, insert } = simpleDiffStringWithCursor(this.text.toString(), value, selectionStart)
    if (!remove && !insert) return
    this.text.doc?.transact(() => {
      this.text.delete(index, remove)
      this.text.insert(index, insert)
    }, this)
  }

  private cleanUp(): void {
    const { value, selectionStart } = this.field
    const cleaned = this.clean(value)
    if (cleaned === value) return
    const caret = this.clean(value.slice(0, selectionStart)).length
    this.field.value = cleaned
    this.field.setSelectionRange(caret, caret)
  }

  private takeBack(event: KeyboardEvent): void {
    if (!(event.ctrlKey || event.metaKey) || event.altKey) return
    const key = event.key.toLowerCase()
    if (key !== 'z' && key !== 'y') return
    event.preventDefault()
    this.step(key === 'z' && !event.shiftKey)
  }

  private step(back: boolean): void {
    if (this.field.readOnly) return
    if (back) this.undo.undo()
    else this.undo.redo()
  }

  /** Somebody else wrote. */
  private follow(delta: Y.YTextEvent['delta']): void {
    let [from, to] = [this.field.selectionStart, this.field.selectionEnd]
    const { selectionDirection } = this.field
    const moved = (caret: number, at: number, change: number) => (caret > at ? Math.max(at, caret + change) : caret)
    let at = 0
    for (const { retain = 0, insert = '', delete: removed = 0 } of delta) {
      at += retain
      const change = typeof insert === 'string' ? insert.length - removed : -removed
      ;[from, to] = [moved(from, at, change), moved(to, at, change)]
      at += Math.max(0, change)
    }
    this.field.value = this.text.toString()
    this.field.setSelectionRange(from, to, selectionDirection)
  }
}
