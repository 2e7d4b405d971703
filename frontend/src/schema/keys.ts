/** Characters that open a list while typing: { a field, [ a citation, @ an audience. They can be turned off. */

import { Extension } from '@tiptap/core'
import { Plugin, PluginKey } from '@tiptap/pm/state'

export type Picker = 'field' | 'citation' | 'audience'

export const TRIGGERS: Record<string, Picker> = { '{': 'field', '[': 'citation', '@': 'audience' }
const OFF = 'letter-signs-off'

let on: boolean | undefined

export function triggersEnabled(): boolean {
  try {
    on ??= window.localStorage.getItem(OFF) === null
  } catch {
    on = true // localStorage is blocked: the choice lasts as long as the page
  }
  return on
}

export function enableTriggers(wanted: boolean): void {
  on = wanted
  try {
    if (wanted) window.localStorage.removeItem(OFF)
    else window.localStorage.setItem(OFF, '1')
  } catch {
    // as above
  }
}

interface Options {
  /** open the list; `typed` is the character, which is inserted if nothing is chosen */
  open: (picker: Picker, typed?: string) => void
  link: () => void
  toolbar: () => void
  find?: () => void
}

export const LetterKeys = Extension.create<Options>({
  name: 'letterKeys',

  addKeyboardShortcuts() {
    return {
      'Mod-k': () => {
        this.options.link()
        return true
      },
      'Mod-f': () => {
        this.options.find?.()
        return this.options.find !== undefined
      },
      'Alt-F10': () => {
        this.options.toolbar()
        return true
      },
    }
  },

  addProseMirrorPlugins() {
    return [
      new Plugin({
        key: new PluginKey('letterKeys'),
        props: {
          handleTextInput: (view, from, to, text) => {
            const picker = TRIGGERS[text]
            if (!picker || from !== to || !triggersEnabled() || view.composing) return false
            const { $from } = view.state.selection
            // after a letter or digit it is part of a word, such as an email address
            const before = $from.parent.textBetween(Math.max(0, $from.parentOffset - 1), $from.parentOffset, ' ', ' ')
            if (/[\p{L}\p{N}]/u.test(before) && picker !== 'citation') return false
            this.options.open(picker, text)
            return true
          },
        },
      }),
    ]
  },
})
