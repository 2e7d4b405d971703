/** Cleans what is pasted, dropped or typed, and says what was left out. */

import { Extension } from '@tiptap/core'
import { Fragment, Slice, type Node as ProseNode, type Schema } from '@tiptap/pm/model'
import { Plugin, PluginKey, TextSelection, type EditorState, type Transaction } from '@tiptap/pm/state'
import type { EditorView } from '@tiptap/pm/view'

import { isFromElsewhere, stopCapturing } from '../live/origin'

import { cleanText, countDirectionControls } from './characters'
import { cleanHtml } from './html'
import { unwrapAddresses } from './links'
import { plainBlocks, plainSpaces, unligated } from './plain'
import { PasteReport } from './report'

export interface CleanInputStorage {
  /** insert HTML at the caret as if it were pasted; `found` adds to what the person is told */
  insert: (html: string, found: (report: PasteReport) => void) => void
}

export const CleanInput = Extension.create<{ pasted: (report: PasteReport) => void }, CleanInputStorage>({
  name: 'cleanInput',
  addStorage: () => ({ insert: () => undefined }),

  addProseMirrorPlugins() {
    const { pasted } = this.options
    let report = new PasteReport()
    let view: EditorView | null = null
    /** Begins a report, which is handed over once ProseMirror has put the text in. */
    const receive = (target: EditorView) => {
      report = new PasteReport()
      stopCapturing(target) // so that one "Undo" takes back the paste and nothing else
      queueMicrotask(() => {
        if (target.isDestroyed) return
        stopCapturing(target)
        if (!report.empty) pasted(report)
      })
      return false
    }
    this.storage.insert = (html, found) => {
      if (!view) return
      receive(view)
      found(report)
      const { $from } = view.state.selection
      if ($from.parent.isTextblock && $from.parent.content.size) {
        // into a paragraph of its own, so that no words join the last ones before it
        const { tr, schema } = view.state
        const after = $from.after()
        view.dispatch(tr.insert(after, schema.nodes.paragraph!.create()).setSelection(TextSelection.create(tr.doc, after + 1)))
      }
      view.pasteHTML(html)
    }
    return [
      new Plugin({
        key: new PluginKey('cleanInput'),
        view: (created) => {
          view = created
          return {}
        },
        props: {
          handleDOMEvents: { paste: receive, drop: receive },
          transformPastedHTML: (html) => cleanHtml(html, report),
          clipboardTextParser: (text, _context, _plain, target) => plainSlice(text, target.state.schema, report),
          transformPasted: (slice) => new Slice(cleanFragment(slice.content, report), slice.openStart, slice.openEnd),
        },
        appendTransaction: (transactions, _old, state) =>
          transactions.some((one) => one.docChanged && !isFromElsewhere(one)) && !view?.composing ? cleanTyped(state) : null,
      }),
    ]
  },
})

/** Paragraphs, and items of lists with bullets. */
function plainSlice(text: string, schema: Schema, report: PasteReport): Slice {
  const { paragraph, bulletList, listItem } = schema.nodes
  const nodes: ProseNode[] = []
  for (const block of plainBlocks(text, report)) {
    const line = paragraph!.create(null, schema.text(block.text))
    const last = nodes.at(-1)
    if (block.kind === 'text') nodes.push(line)
    else if (last?.type === bulletList) nodes[nodes.length - 1] = last!.copy(last!.content.addToEnd(listItem!.create(null, line)))
    else nodes.push(bulletList!.create(null, listItem!.create(null, line)))
  }
  return Slice.maxOpen(Fragment.fromArray(nodes))
}

function cleanFragment(fragment: Fragment, report: PasteReport): Fragment {
  const nodes: ProseNode[] = []
  fragment.forEach((node, _offset, index) => {
    if (!node.isText) {
      if (node.type.name === 'lost' && nodes.at(-1)?.eq(node)) return // one mark is enough
      nodes.push(node.copy(cleanFragment(node.content, report)))
      return
    }
    const given = node.text ?? ''
    report.add('direction', countDirectionControls(given))
    const readable = plainSpaces(unligated(given))
    const outcomes: string[] = []
    const text = unwrapAddresses(cleanText(readable, nodes.at(-1)?.text), (outcome) => {
      const isMarked = outcome === 'hidden-links' && fragment.maybeChild(index + 1)?.type.name === 'lost'
      if (!isMarked) report.add(outcome)
      outcomes.push(outcome)
    })
    const { schema } = node.type
    if (text) nodes.push(schema.text(text, node.marks))
    if (outcomes.includes('hidden-links')) nodes.push(schema.node('lost', { what: 'link' }))
  })
  return Fragment.fromArray(nodes)
}

/** Removes characters that some keyboards type and no reader sees, and touches nothing beside them: the caret stays. */
function cleanTyped(state: EditorState): Transaction | null {
  const { tr } = state
  state.doc.descendants((node, pos) => {
    const given = node.text ?? ''
    if (/^[ -~]*$/.test(given)) return // nearly always
    const text = cleanText(given, state.doc.resolve(pos).nodeBefore?.text)
    if (text === given) return
    let start = 0
    while (start < text.length && text[start] === given[start]) start += 1
    let end = 0
    while (end < text.length - start && text.at(-1 - end) === given.at(-1 - end)) end += 1
    const [from, to] = [tr.mapping.map(pos + start), tr.mapping.map(pos + given.length - end)]
    const kept = text.slice(start, text.length - end)
    if (kept) tr.replaceWith(from, to, state.schema.text(kept, node.marks))
    else tr.delete(from, to)
  })
  return tr.docChanged ? tr : null
}
