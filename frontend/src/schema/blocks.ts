/** The blocks of a letter. Lists are not nested; quotations contain only paragraphs. */

import { Node, wrappingInputRule } from '@tiptap/core'
import { Heading } from '@tiptap/extension-heading'
import { Paragraph } from '@tiptap/extension-paragraph'

import { toggleHeading, toggleList, toggleQuote } from '../commands'

/** The blocks allowed everywhere: in the letter, in an audience, in a passage. */
const FLOW = 'flow'

export const Letter = Node.create({ name: 'doc', topNode: true, content: '(flow | passage)+' })

export const LetterParagraph = Paragraph.extend({ group: FLOW })

/** Pasted headings of any level become one of the letter's two levels. */
export const LetterHeading = Heading.configure({ levels: [2, 3] }).extend({
  group: FLOW,
  addAttributes() {
    return { level: { default: 2, rendered: false } }
  },
  parseHTML() {
    return [1, 2, 3, 4, 5, 6].map((level) => ({ tag: `h${level}`, attrs: { level: level < 3 ? 2 : 3 } }))
  },
  addKeyboardShortcuts() {
    return {
      'Mod-Alt-2': () => toggleHeading(this.editor, 2),
      'Mod-Alt-3': () => toggleHeading(this.editor, 3),
    }
  },
})

const ITEM = 'listItem'

function list(name: 'orderedList' | 'bulletList', tag: 'ol' | 'ul', typed: RegExp, key: string) {
  return Node.create({
    name,
    group: `${FLOW} list`,
    content: `${ITEM}+`,
    parseHTML: () => [{ tag }],
    renderHTML: ({ HTMLAttributes }) => [tag, HTMLAttributes, 0],
    addKeyboardShortcuts() {
      return { [key]: () => toggleList(this.editor, name) }
    },
    addInputRules() {
      return [wrappingInputRule({ find: typed, type: this.type })]
    },
  })
}

/** Lettered: (a), (b), (c). */
export const OrderedList = list('orderedList', 'ol', /^(?:\d+|\(?a)[.)]\s$/, 'Mod-Shift-7')
export const BulletList = list('bulletList', 'ul', /^\s*[-+*•]\s$/, 'Mod-Shift-8')

/** Tab is not used, so that it leads out of the text: lists have one level. */
export const ListItem = Node.create({
  name: ITEM,
  content: 'paragraph+',
  defining: true,
  parseHTML: () => [{ tag: 'li' }],
  renderHTML: ({ HTMLAttributes }) => ['li', HTMLAttributes, 0],
  addKeyboardShortcuts() {
    return { Enter: () => this.editor.commands.splitListItem(ITEM) }
  },
})

export const Blockquote = Node.create({
  name: 'blockquote',
  group: FLOW,
  content: 'paragraph+',
  defining: true,
  parseHTML: () => [{ tag: 'blockquote' }],
  renderHTML: ({ HTMLAttributes }) => ['blockquote', HTMLAttributes, 0],
  addKeyboardShortcuts() {
    return { 'Mod-Shift-b': () => toggleQuote(this.editor) }
  },
  addInputRules() {
    return [wrappingInputRule({ find: /^\s*>\s$/, type: this.type })]
  },
})
