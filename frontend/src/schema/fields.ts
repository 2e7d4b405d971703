/** Inline atoms: merge fields, which show the chosen government's value, and citations. */

import { Node, type Editor } from '@tiptap/core'
import type { Node as ProseNode } from '@tiptap/pm/model'

import { el } from '../dom'
import { doubts, type Reader } from '../reader'
import { message } from '../messages'

export interface Options {
  reader: Reader
  /** open the dialog of the atom at this position */
  edit: (editor: Editor, pos: number) => void
}

export const INLINE_ATOM = { group: 'inline', inline: true, atom: true, selectable: true }

/** The attribute `name` of an atom, in HTML as data-… */
export function inData(name: string, data: string, none: '' | null, most = Infinity) {
  return {
    default: none,
    parseHTML: (element: HTMLElement) => element.getAttribute(`data-${data}`)?.slice(0, most) || none,
    renderHTML: (attributes: Record<string, unknown>) => (attributes[name] ? { [`data-${data}`]: attributes[name] } : {}),
  }
}

const FACT = /^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/

/** The shared node view: an element that is redrawn when the reader or the node changes. */
export function atomView(options: Options, element: HTMLElement, draw: (node: ProseNode) => void) {
  return ({ node, getPos, editor }: { node: ProseNode; getPos: () => number | undefined; editor: Editor }) => {
    let current = node
    draw(current)
    const unsubscribe = options.reader.subscribe(() => draw(current))
    element.addEventListener('dblclick', () => {
      const pos = getPos()
      if (pos !== undefined) options.edit(editor, pos)
    })
    return {
      dom: element,
      update(next: ProseNode) {
        if (next.type !== current.type) return false
        current = next
        draw(current)
        return true
      },
      selectNode: () => element.classList.add('chosen'),
      deselectNode: () => element.classList.remove('chosen'),
      ignoreMutation: () => true,
      destroy: unsubscribe,
    }
  }
}

export function editSelected(name: string, options: Options) {
  return ({ editor }: { editor: Editor }) => {
    const { selection } = editor.state
    if (!('node' in selection) || (selection.node as ProseNode).type.name !== name) return false
    options.edit(editor, selection.from)
    return true
  }
}

export const MergeField = Node.create<Options>({
  name: 'mergeField',
  ...INLINE_ATOM,

  addAttributes: () => ({ key: inData('key', 'field', ''), fallback: inData('fallback', 'fallback', null) }),

  parseHTML() {
    const known = (element: HTMLElement) => this.options.reader.fields.has(element.getAttribute('data-field') ?? '')
    return [{ tag: 'span[data-field]', getAttrs: (element) => (known(element) ? null : false) }]
  },

  renderHTML({ node, HTMLAttributes }) {
    return ['span', HTMLAttributes, this.options.reader.value(String(node.attrs.key), String(node.attrs.fallback ?? '')).text]
  },

  renderText({ node }) {
    return this.options.reader.value(String(node.attrs.key), String(node.attrs.fallback ?? '')).text
  },

  addNodeView() {
    return (props) => {
      const { reader } = this.options
      const element = el('span', { class: 'merge-field' })
      return atomView(this.options, element, (node) => {
        const { key, fallback } = node.attrs as { key: string; fallback: string | null }
        const { text, gap } = reader.value(key, fallback ?? '')
        element.textContent = text
        element.classList.toggle('gap', gap)
        const label = reader.fields.get(key)?.label ?? key
        element.title = gap ? message('field-gap-title', { label, key }) : message('field-title', { label, key })
      })(props)
    }
  },

  addKeyboardShortcuts() {
    return { Enter: editSelected(this.name, this.options) }
  },
})

export const Citation = Node.create<Options>({
  name: 'citation',
  ...INLINE_ATOM,

  addAttributes: () => ({ fact: inData('fact', 'fact', '') }),

  parseHTML() {
    const known = (key: string) => FACT.test(key) && this.options.reader.facts.has(key)
    return [{ tag: 'sup[data-fact]', getAttrs: (element) => (known(element.getAttribute('data-fact') ?? '') ? null : false) }]
  },

  renderHTML({ node, HTMLAttributes }) {
    return ['sup', HTMLAttributes, `[${this.options.reader.number(String(node.attrs.fact)) ?? '·'}]`]
  },

  renderText({ node }) {
    return ` [${this.options.reader.number(String(node.attrs.fact)) ?? '·'}]`
  },

  addNodeView() {
    return (props) => {
      const { reader } = this.options
      const element = el('span', { class: 'citation', role: 'img' })
      return atomView(this.options, element, (node) => {
        const key = String(node.attrs.fact)
        const fact = reader.facts.get(key)
        const n = reader.number(key) ?? '·'
        const why = doubts(fact).join(' ')
        const stale = why !== ''
        element.textContent = stale ? `${n} !` : String(n)
        element.classList.toggle('stale', stale)
        element.title = fact ? [`${fact.number}: ${fact.statement}`, why].filter(Boolean).join('\n') : key
        element.setAttribute('aria-label', stale ? message('citation-stale', { n, why }) : message('citation', { n }))
      })(props)
    }
  },

  addKeyboardShortcuts() {
    return { Enter: editSelected(this.name, this.options) }
  },
})
