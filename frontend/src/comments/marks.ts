/** The passages that comments are about, marked in the text; suggestions with the words that would go and come. */

import { Extension, type Editor } from '@tiptap/core'
import { Plugin, PluginKey, type EditorState, type Transaction } from '@tiptap/pm/state'
import { Decoration, DecorationSet } from '@tiptap/pm/view'

import { el } from '../dom'
import { isFromElsewhere } from '../live/origin'
import { rangeOf, type Range } from './anchors'
import type { Thread } from './requests'

interface Shown {
  threads: Thread[]
  active: number
  ranges: Map<number, Range | null>
}

const key = new PluginKey<Shown>('comments')

/** Mark the open threads; the active one stands out. */
export function showThreads(editor: Editor, threads: Thread[], active: number): void {
  editor.view.dispatch(editor.state.tr.setMeta(key, { threads, active }).setMeta('addToHistory', false))
}

/** Where the thread's passage is now; null where it is gone. */
export function passageOf(state: EditorState, thread: Thread): Range | null {
  return key.getState(state)?.ranges.get(thread.id) ?? null
}

export const CommentMarks = Extension.create<{ open: (id: number) => void; comment: () => void }>({
  name: 'commentMarks',
  addProseMirrorPlugins() {
    const { open, comment } = this.options
    return [
      new Plugin<Shown>({
        key,
        state: {
          init: () => ({ threads: [], active: 0, ranges: new Map() }),
          apply: (transaction, shown, _before, state) => next(transaction, shown, state),
        },
        props: {
          decorations: (state) => DecorationSet.create(state.doc, decorations(state)),
          handleClick(view, pos) {
            const shown = key.getState(view.state)
            const found = shown?.threads.find(({ id, resolved }) => {
              const range = shown.ranges.get(id)
              return !resolved && range && range.from <= pos && pos <= range.to
            })
            if (found) open(found.id)
            return false // the caret goes there, too
          },
        },
        // reviewers comment, too, and ProseMirror hears no keys where one may not write
        view: ({ dom }) => {
          const pressed = (event: KeyboardEvent) => {
            if (!(event.ctrlKey || event.metaKey) || !event.altKey || event.code !== 'KeyM') return
            event.preventDefault()
            comment()
          }
          dom.addEventListener('keydown', pressed)
          return { destroy: () => dom.removeEventListener('keydown', pressed) }
        },
      }),
    ]
  },
})

/** One's own typing moves the passages as it moves the text; the shared document learns of it only afterwards. */
function next(transaction: Transaction, shown: Shown, state: EditorState): Shown {
  const set = transaction.getMeta(key) as Omit<Shown, 'ranges'> | undefined
  if (set || isFromElsewhere(transaction)) {
    const { threads, active } = set ?? shown
    return { threads, active, ranges: new Map(threads.map((thread) => [thread.id, rangeOf(state, thread)])) }
  }
  if (!transaction.docChanged) return shown
  const moved = ([id, range]: [number, Range | null]): [number, Range | null] => {
    if (!range) return [id, null]
    const from = transaction.mapping.map(range.from, 1)
    const to = transaction.mapping.map(range.to, -1)
    return [id, from < to ? { from, to } : null]
  }
  return { ...shown, ranges: new Map([...shown.ranges].map(moved)) }
}

function decorations(state: EditorState): Decoration[] {
  const shown = key.getState(state)
  return (shown?.threads ?? []).flatMap((thread) => {
    const range = shown?.ranges.get(thread.id)
    if (!range || thread.resolved) return []
    const active = thread.id === shown?.active ? ' active' : ''
    if (thread.proposal === null) return [Decoration.inline(range.from, range.to, { class: `commented${active}` })]
    const { proposal } = thread
    const comes = Decoration.widget(range.to, () => el('ins', { class: 'suggested-in', 'aria-hidden': 'true' }, proposal), {
      side: 1,
      ignoreSelection: true,
      key: `suggestion ${thread.id} ${proposal}`,
    })
    return [Decoration.inline(range.from, range.to, { class: `suggested-out${active}` }), ...(proposal ? [comes] : [])]
  })
}
