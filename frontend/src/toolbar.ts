/** The toolbar over the text: one stop of the Tab key, arrows inside (ARIA APG, toolbar). */

import type { Editor } from '@tiptap/core'
import type { Node as ProseNode } from '@tiptap/pm/model'
import type { Command } from '@tiptap/pm/state'

import { enclosing, headingCommand, insertPassage, listCommand, quoteCommand, selected } from './commands'

interface Tool {
  run: () => void
  pressed?: () => boolean
  able?: () => boolean
}

export interface Pickers {
  field: () => void
  citation: () => void
  audience: () => void
  note: () => void
  link: () => void
  find?: () => void
  keys: () => void
}

export class Toolbar {
  private readonly buttons: HTMLButtonElement[]
  private readonly tools: Record<string, Tool>

  constructor(
    bar: HTMLElement,
    private readonly editor: Editor,
    pickers: Pickers,
  ) {
    this.buttons = [...bar.querySelectorAll<HTMLButtonElement>('button[data-tool]')]
    this.tools = this.define(pickers)
    this.buttons.forEach((button, index) => {
      button.tabIndex = index === 0 ? 0 : -1
      button.addEventListener('mousedown', (event) => event.preventDefault()) // the caret stays where it is
      button.addEventListener('click', () => {
        if (button.getAttribute('aria-disabled') !== 'true') this.tools[button.dataset.tool ?? '']?.run()
      })
    })
    bar.addEventListener('keydown', (event) => this.move(event))
    bar.addEventListener('focusin', (event) => this.stopAt(event.target as HTMLButtonElement))
    editor.on('transaction', () => this.draw())
    this.draw()
  }

  focus(): void {
    ;(this.buttons.find((button) => button.tabIndex === 0) ?? this.buttons[0])?.focus()
  }

  private define(pickers: Pickers): Record<string, Tool> {
    const { editor } = this
    const block = (command: Command, name: string, attrs?: Record<string, unknown>): Tool => ({
      run: () => {
        command(editor.state, (transaction) => editor.view.dispatch(transaction.scrollIntoView()))
        editor.commands.focus()
      },
      pressed: () => editor.isActive(name, attrs),
      able: () => command(editor.state),
    })
    const mark = (name: 'bold' | 'italic'): Tool => ({
      run: () => editor.chain().focus().toggleMark(name).run(),
      pressed: () => editor.isActive(name),
    })
    return {
      heading: block(headingCommand(2), 'heading', { level: 2 }),
      subheading: block(headingCommand(3), 'heading', { level: 3 }),
      bold: mark('bold'),
      italic: mark('italic'),
      letters: block(listCommand('orderedList'), 'orderedList'),
      bullets: block(listCommand('bulletList'), 'bulletList'),
      quote: block(quoteCommand, 'blockquote'),
      link: { run: pickers.link, pressed: () => editor.isActive('link') },
      field: { run: pickers.field, pressed: () => selected(editor.state, 'mergeField') !== null },
      citation: { run: pickers.citation, pressed: () => selected(editor.state, 'citation') !== null },
      audience: { run: pickers.audience, pressed: () => enclosing(editor.state, 'audience') !== null },
      note: { run: pickers.note, pressed: () => selected(editor.state, 'note') !== null },
      signatories: { run: () => this.insertSignatories(), able: () => !hasSignatories(editor.state.doc) },
      undo: { run: () => void (editor.commands.focus() && editor.commands.undo()), able: () => editor.can().undo() },
      redo: { run: () => void (editor.commands.focus() && editor.commands.redo()), able: () => editor.can().redo() },
      find: { run: () => pickers.find?.() },
      keys: { run: pickers.keys },
    }
  }

  private insertSignatories(): void {
    const { editor } = this
    const node = editor.schema.nodes.signatories?.create()
    if (node) insertPassage(editor, [node])
    editor.commands.focus()
  }

  private draw(): void {
    for (const button of this.buttons) {
      const tool = this.tools[button.dataset.tool ?? '']
      if (tool?.pressed) button.setAttribute('aria-pressed', String(tool.pressed()))
      // aria-disabled keeps the button reachable by arrow keys and screen readers
      if (tool?.able) button.setAttribute('aria-disabled', String(!tool.able() && !tool.pressed?.()))
    }
  }

  private stopAt(button: HTMLButtonElement): void {
    if (!this.buttons.includes(button)) return
    for (const other of this.buttons) other.tabIndex = other === button ? 0 : -1
  }

  private move(event: KeyboardEvent): void {
    const at = this.buttons.indexOf(document.activeElement as HTMLButtonElement)
    if (at < 0) return
    const forward = document.dir === 'rtl' ? 'ArrowLeft' : 'ArrowRight'
    const back = document.dir === 'rtl' ? 'ArrowRight' : 'ArrowLeft'
    const last = this.buttons.length - 1
    const next = { [forward]: at === last ? 0 : at + 1, [back]: at === 0 ? last : at - 1, Home: 0, End: last }[event.key]
    if (event.key === 'Escape') this.editor.commands.focus()
    else if (next === undefined) return
    else this.buttons[next]?.focus()
    event.preventDefault()
  }
}

/** A letter has one signature line. */
function hasSignatories(doc: ProseNode): boolean {
  let found = false
  doc.descendants((node) => {
    found ||= node.type.name === 'signatories'
    return !found && !node.isTextblock
  })
  return found
}
