/**
 * Bold, italic and links on merge fields, in a text that several people write. y-tiptap has marks of text only, so those
 * of a field travel as attributes of it, one for each (`apps/letters/document/yjs/field_marks.py` reads them). The marks
 * are what the editor works with: every change here goes from them to the attributes, every other one the other way.
 */

import { Extension, type Attributes } from '@tiptap/core'
import { ySyncPluginKey } from '@tiptap/y-tiptap'
import type { Mark, Node as ProseNode, Schema } from '@tiptap/pm/model'
import { Plugin, PluginKey, type Transaction } from '@tiptap/pm/state'

import { isFromElsewhere } from '../live/origin'

const FIELD = 'mergeField'
export const CARRIED = ['bold', 'italic', 'superscript', 'subscript', 'link']

const carrier = { default: null, rendered: false, parseHTML: () => null }

export const FieldMarks = Extension.create({
  name: 'fieldMarks',

  addGlobalAttributes() {
    return [{ types: [FIELD], attributes: Object.fromEntries(CARRIED.map((name) => [name, carrier])) as Attributes }]
  },

  addProseMirrorPlugins() {
    return [
      new Plugin({
        key: new PluginKey('fieldMarks'),
        appendTransaction: (transactions, _old, state) => {
          const changed = transactions.filter((one) => one.docChanged)
          if (!changed.length) return null
          const brought = changed.find(isFromElsewhere)
          return brought ? marked(state.tr, brought) : carried(state.tr)
        },
      }),
    ]
  },
})

/** Others' fields get the marks of their attributes. To the shared document nothing changes. */
function marked(transaction: Transaction, brought: Transaction): Transaction | null {
  eachField(transaction.doc, (node, pos) => {
    const wanted = marksOf(node)
    for (const mark of node.marks) if (!wanted.some((one) => one.eq(mark))) transaction.removeNodeMark(pos, mark)
    for (const mark of wanted) if (!mark.isInSet(node.marks)) transaction.addNodeMark(pos, mark)
  })
  if (!transaction.docChanged) return null
  for (const name of [ySyncPluginKey, 'addToHistory']) transaction.setMeta(name, brought.getMeta(name))
  return transaction
}

/** Fields here get the attributes of their marks. */
function carried(transaction: Transaction): Transaction | null {
  eachField(transaction.doc, (node, pos) => {
    for (const name of CARRIED) {
      const mark = node.marks.find((one) => one.type.name === name)
      const value = mark ? (mark.attrs.href ?? true) : null
      if (node.attrs[name] !== value) transaction.setNodeAttribute(pos, name, value)
    }
  })
  return transaction.docChanged ? transaction : null
}

function eachField(doc: ProseNode, act: (node: ProseNode, pos: number) => void): void {
  doc.descendants((node, pos) => {
    if (node.type.name === FIELD) act(node, pos)
  })
}

function marksOf(node: ProseNode): readonly Mark[] {
  const { schema } = node.type as { schema: Schema }
  return CARRIED.reduce<readonly Mark[]>((marks, name) => {
    const value = node.attrs[name] as string | boolean | null
    const type = schema.marks[name]
    return value && type ? type.create(name === 'link' ? { href: value } : null).addToSet(marks) : marks
  }, [])
}
