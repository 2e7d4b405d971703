/** Raised and lowered text: superscripts and subscripts that no character of Unicode stands for. */

import { Mark } from '@tiptap/core'

function script(name: 'superscript' | 'subscript', tag: 'sup' | 'sub', other: string, key: string) {
  return Mark.create({
    name,
    excludes: `${name} ${other}`,
    inclusive: false,
    parseHTML: () => [{ tag: `${tag}:not([data-fact])` }],
    renderHTML: () => [tag, 0],
    addKeyboardShortcuts() {
      return { [key]: () => this.editor.commands.toggleMark(name) }
    },
  })
}

/** The keys are those of other editors. */
export const Superscript = script('superscript', 'sup', 'subscript', 'Mod-.')
export const Subscript = script('subscript', 'sub', 'superscript', 'Mod-,')
