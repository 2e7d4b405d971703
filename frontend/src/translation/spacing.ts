/** Space below blocks of the text, so that each begins where its original does. Decorations, as the document has no such thing. */

import { Plugin, PluginKey } from '@tiptap/pm/state'
import { Decoration, DecorationSet } from '@tiptap/pm/view'

export type Spaces = Map<string, number>

export const spacingKey = new PluginKey<Spaces>('translationSpacing')

export function spacing(): Plugin<Spaces> {
  return new Plugin<Spaces>({
    key: spacingKey,
    state: {
      init: () => new Map(),
      apply: (transaction, spaces) => (transaction.getMeta(spacingKey) as Spaces | undefined) ?? spaces,
    },
    props: {
      decorations(state) {
        const spaces = spacingKey.getState(state)
        if (!spaces || spaces.size === 0) return null
        const found: Decoration[] = []
        state.doc.descendants((node, pos) => {
          const space = node.isTextblock ? spaces.get(String(node.attrs.id)) : undefined
          if (space) found.push(Decoration.node(pos, pos + node.nodeSize, { style: `padding-block-end: ${space}px` }))
          return !node.isTextblock
        })
        return DecorationSet.create(state.doc, found)
      },
    },
  })
}
