/** The shared document as a Tiptap extension: its text, the carets of others, and undo of one's own edits only. */

import { Extension } from '@tiptap/core'
import { redo, undo, yCursorPlugin, ySyncPlugin, yUndoPlugin, yUndoPluginKey } from '@tiptap/y-tiptap'
import type { EditorState, Plugin } from '@tiptap/pm/state'
import type { EditorView } from '@tiptap/pm/view'
import type * as Y from 'yjs'

import { el } from '../dom'
import { BLOCKS } from '../schema/ids'
import { isFromElsewhere } from './origin'
import { OwnCaret } from './ownCaret'
import type { Person } from './protocol'
import type { Session } from './session'

/** Undoing the creation of a block leaves it where somebody else has written in it. */
const PROTECTED = new Set([...BLOCKS, 'listItem'])

export const DraftingTogether = Extension.create<{ session: Session }, { caret: OwnCaret }>({
  name: 'draftingTogether',
  priority: 1000,

  addStorage: () => ({ caret: new OwnCaret() }),

  onCreate() {
    this.options.session.doc.on('beforeAllTransactions', () => this.storage.caret.remember(this.editor.state))
  },

  dispatchTransaction({ transaction, next }) {
    if (isFromElsewhere(transaction)) this.storage.caret.restore(this.editor.state, transaction)
    next(transaction)
  },

  addProseMirrorPlugins() {
    const { session } = this.options
    return [
      ySyncPlugin(session.body),
      yCursorPlugin(session.presence.awareness, { cursorBuilder: caret, selectionBuilder: selection }),
      lasting(yUndoPlugin({ protectedNodes: PROTECTED }) as Plugin),
    ]
  },

  addCommands() {
    const command = (stack: 'undoStack' | 'redoStack', run: (state: EditorState) => boolean | undefined) => () =>
      ({ tr, state, dispatch }: { tr: { setMeta: (key: string, value: boolean) => unknown }; state: EditorState; dispatch?: unknown }) => {
        tr.setMeta('preventDispatch', true)
        if (!undoManager(state)[stack].length) return false
        return dispatch ? run(state) === true : true
      }
    return { undo: command('undoStack', undo), redo: command('redoStack', redo) }
  },

  addKeyboardShortcuts() {
    const back = () => this.editor.commands.undo() || true // the browser's own would take back what others wrote
    const again = () => this.editor.commands.redo() || true
    return { 'Mod-z': back, 'Mod-Shift-z': again, 'Mod-y': again }
  },
})

/** A plugin that is registered later makes ProseMirror begin the views of all others anew, which would end the undoing. */
function lasting(plugin: Plugin): Plugin {
  const { view } = plugin.spec
  let begun = false
  plugin.spec.view = (editor: EditorView) => {
    if (!begun) view?.(editor)
    begun = true
    return {}
  }
  return plugin
}

function undoManager(state: EditorState): Y.UndoManager {
  return (yUndoPluginKey.getState(state) as { undoManager: Y.UndoManager }).undoManager
}

/** The name is drawn by the style sheet, so that it is never part of the text. */
function caret(person: Partial<Person>): HTMLElement {
  return el('span', { class: `caret by-${colour(person)}`, 'data-name': firstName(person.name ?? '') })
}

function selection(person: Partial<Person>) {
  return { class: `selected-by by-${colour(person)}` }
}

/** One of the three colours; anything else that came in would be a class of its own. */
export function colour(person: Partial<Person>): 1 | 2 | 3 {
  return person.colour === 2 || person.colour === 3 ? person.colour : 1
}

export function firstName(name: string): string {
  return name.trim().split(/\s+/)[0] ?? ''
}
