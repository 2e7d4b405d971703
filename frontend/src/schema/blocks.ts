/** The blocks of a letter. Quotations contain only paragraphs. */

import { Node, wrappingInputRule, type Attributes } from '@tiptap/core'
import { Heading } from '@tiptap/extension-heading'
import { Paragraph } from '@tiptap/extension-paragraph'

import { moveItem, toggleHeading, toggleList, toggleQuote } from '../commands'

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

function list(name: 'orderedList' | 'bulletList', tag: 'ol' | 'ul', typed: RegExp, key: string, attributes: Attributes = {}) {
  return Node.create({
    name,
    group: `${FLOW} list`,
    content: `${ITEM}+`,
    addAttributes: () => attributes,
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

const TYPES: Record<string, string> = { decimal: '1', roman: 'i' }
const MAX_START = 9999

/** Lettered: (a), (b), (c), unless `numbering` says otherwise; from `start`, where that is not the first. */
export const OrderedList = list('orderedList', 'ol', /^(?:\d+|\(?a)[.)]\s$/, 'Mod-Shift-7', {
  start: {
    default: null,
    parseHTML: (element) => {
      const start = Number.parseInt(element.getAttribute('start') ?? '', 10)
      return start > 1 && start <= MAX_START ? start : null
    },
    renderHTML: ({ start }: Record<string, unknown>) => (start ? { start: String(start) } : {}),
  },
  numbering: {
    default: null,
    parseHTML: (element) => Object.keys(TYPES).find((name) => TYPES[name] === element.getAttribute('type')) ?? null,
    renderHTML: ({ numbering }: Record<string, unknown>) => ({ type: TYPES[String(numbering)] ?? 'a' }),
  },
})
export const BulletList = list('bulletList', 'ul', /^\s*[-+*•]\s$/, 'Mod-Shift-8')

/** Tab is not used, so that it leads out of the text. */
export const ListItem = Node.create({
  name: ITEM,
  content: 'paragraph (paragraph | list)*',
  defining: true,
  parseHTML: () => [{ tag: 'li' }],
  renderHTML: ({ HTMLAttributes }) => ['li', HTMLAttributes, 0],
  addKeyboardShortcuts() {
    return {
      Enter: () => this.editor.commands.splitListItem(ITEM),
      'Mod-]': () => moveItem(this.editor, 'in'),
      'Mod-[': () => moveItem(this.editor, 'out'),
    }
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
