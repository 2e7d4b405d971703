/** Notes of the letter's own, numbered with the citations, and marks where a paste could not keep something. */

import { Node, type Editor } from '@tiptap/core'

import { el } from '../dom'
import { message } from '../messages'
import { atomView, editSelected, inData, INLINE_ATOM, type Options } from './fields'

export const Note = Node.create<Options>({
  name: 'note',
  ...INLINE_ATOM,

  addAttributes: () => ({ text: inData('text', 'note', '') }),

  parseHTML: () => [{ tag: 'span[data-note]', getAttrs: (element) => (element.getAttribute('data-note')?.trim() ? null : false) }],
  renderHTML: ({ HTMLAttributes }) => ['span', HTMLAttributes],
  renderText: ({ node }) => ` [${String(node.attrs.text)}]`,

  addNodeView() {
    return (props) => {
      const { reader } = this.options
      const element = el('span', { class: 'citation', role: 'img' })
      return atomView(this.options, element, (node) => {
        const pos = (props.getPos as () => number | undefined)()
        const n = (pos === undefined ? null : reader.noteNumber(pos)) ?? '·'
        element.textContent = `[${n}]` // never a digit beside a digit
        element.title = String(node.attrs.text)
        element.setAttribute('aria-label', message('note-of', { n, text: String(node.attrs.text) }))
      })(props)
    }
  },

  addKeyboardShortcuts() {
    return {
      Enter: editSelected(this.name, this.options),
      'Mod-Alt-f': ({ editor }: { editor: Editor }) => {
        this.options.edit(editor, -1)
        return true
      },
    }
  },
})

const KIND = /^[a-z]{2,20}$/

/** Its words are drawn by the style sheet, so that copying the text does not copy them. */
export const Lost = Node.create<Options>({
  name: 'lost',
  ...INLINE_ATOM,

  addAttributes: () => ({ what: inData('what', 'lost', ''), words: inData('words', 'words', null, 200) }),

  parseHTML() {
    const known = (what: string) => KIND.test(what) && what in this.options.reader.lostWords
    return [{ tag: 'span[data-lost]', getAttrs: (element) => (known(element.getAttribute('data-lost') ?? '') ? null : false) }]
  },
  renderHTML: ({ HTMLAttributes }) => ['span', HTMLAttributes],
  renderText: () => '',

  addNodeView() {
    return (props) => {
      const element = el('span', { class: 'lost', role: 'img' })
      return atomView(this.options, element, (node) => {
        const said = this.options.reader.lostSentence(String(node.attrs.what), node.attrs.words as string | null)
        element.dataset.said = said
        element.title = message('lost-hint')
        element.setAttribute('aria-label', said)
      })(props)
    }
  },

  addKeyboardShortcuts() {
    return { Enter: editSelected(this.name, this.options) }
  },
})
