/** Frames around blocks: their audience, the talking point they came from, and the place of the signatories. */

import { Node, type Editor } from '@tiptap/core'
import type { Node as ProseNode } from '@tiptap/pm/model'

import type { Audience } from '../commands'
import { linkButton, el, icon } from '../dom'
import type { Reader } from '../reader'
import { message } from '../messages'

const PASSAGE = 'passage'
const ENTRY = /^(group:[a-z0-9][a-z0-9_-]{0,78}|member:[A-Z]{2}|stance:(opposes|undecided|supports|joined|none))$/

function entries(element: HTMLElement, name: string): string[] {
  const given = (element.getAttribute(name) ?? '').split(' ').filter((entry) => ENTRY.test(entry))
  return [...new Set(given)]
}

function side(name: 'only' | 'except') {
  return {
    default: [],
    parseHTML: (element: HTMLElement) => entries(element, `data-${name}`),
    renderHTML: (attrs: Record<string, unknown>) => ({ [`data-${name}`]: (attrs[name] as string[]).join(' ') }),
  }
}

export const AudienceBlock = Node.create<{ reader: Reader; edit: (editor: Editor, pos: number) => void }>({
  name: 'audience',
  group: PASSAGE,
  content: '(flow | point)+',
  defining: true,

  addAttributes() {
    return { only: side('only'), except: side('except') }
  },

  parseHTML: () => [{ tag: 'div[data-only]' }],
  renderHTML: ({ HTMLAttributes }) => ['div', HTMLAttributes, 0],

  addNodeView() {
    return ({ node, getPos, editor }) => {
      const { reader, edit } = this.options
      let current = node
      const words = el('span')
      const open = () => {
        const pos = getPos()
        if (pos !== undefined) edit(editor, pos)
      }
      const change = editor.isEditable && linkButton(message('change'), open)
      const who = el('p', { class: 'who', contenteditable: 'false' }, icon('flag'), words, change)
      const contentDOM = el('div', { class: 'audience-text' })
      const dom = el('div', { class: 'audience' }, who, contentDOM)
      const draw = () => {
        const audience = current.attrs as unknown as Audience
        words.textContent = reader.sentence(audience)
        dom.classList.toggle('not', audience.except.length > 0 && audience.only.length === 0)
        dom.classList.toggle('unread', !reader.gets(audience))
      }
      draw()
      const unsubscribe = reader.subscribe(draw)
      return {
        dom,
        contentDOM,
        update(next: ProseNode) {
          if (next.type !== current.type) return false
          current = next
          draw()
          return true
        },
        stopEvent: (event: Event) => who.contains(event.target as HTMLElement),
        ignoreMutation: (mutation) => !contentDOM.contains(mutation.target),
        destroy: unsubscribe,
      }
    }
  },
})

/** A passage from a talking point: editable as any text, with the point's number in the margin. */
export const Point = Node.create({
  name: 'point',
  group: PASSAGE,
  content: 'flow+',
  defining: true,

  addAttributes() {
    return {
      number: {
        default: 1,
        parseHTML: (element) => Number.parseInt(element.getAttribute('data-point') ?? '1', 10) || 1,
        renderHTML: ({ number }: { number: number }) => ({ 'data-point': String(number) }),
      },
    }
  },

  parseHTML: () => [{ tag: 'div[data-point]' }],
  renderHTML: ({ node, HTMLAttributes }) => [
    'div',
    { ...HTMLAttributes, class: 'point-mark', title: message('point-title', { n: String(node.attrs.number) }) },
    0,
  ],
})

/** Where the sentence with the counts goes, and with it the annex of names. */
export const Signatories = Node.create({
  name: 'signatories',
  group: 'flow',
  atom: true,
  selectable: true,
  parseHTML: () => [{ tag: 'div[data-signatories]' }],
  renderHTML: ({ HTMLAttributes }) => ['div', { ...HTMLAttributes, 'data-signatories': '' }],
  renderText: () => message('signatories'),
  addNodeView() {
    return () => ({
      dom: el('div', { class: 'signatory-list', contenteditable: 'false' }, icon('pen'), el('span', {}, message('signatories'))),
    })
  },
})
