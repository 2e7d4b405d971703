/** Marks the caret while the focus is elsewhere, to show where "Insert" puts text. */

import { Extension } from '@tiptap/core'
import { Plugin, PluginKey } from '@tiptap/pm/state'
import { Decoration, DecorationSet } from '@tiptap/pm/view'

import { el } from '../dom'

const key = new PluginKey<boolean>('caretMarker')

export const CaretMarker = Extension.create({
  name: 'caretMarker',
  addProseMirrorPlugins() {
    return [
      new Plugin<boolean>({
        key,
        state: { init: () => false, apply: (transaction, away) => (transaction.getMeta(key) as boolean | undefined) ?? away },
        props: {
          decorations(state) {
            if (!key.getState(state)) return null
            const { from, to, empty } = state.selection
            const mark = empty
              ? Decoration.widget(from, () => el('span', { class: 'here', 'aria-hidden': 'true' }), { side: -1, ignoreSelection: true })
              : Decoration.inline(from, to, { class: 'here-range' })
            return DecorationSet.create(state.doc, [mark])
          },
          handleDOMEvents: {
            focus: (view) => void view.dispatch(view.state.tr.setMeta(key, false)),
            blur: (view) => void view.dispatch(view.state.tr.setMeta(key, view.editable)),
          },
        },
      }),
    ]
  },
})
