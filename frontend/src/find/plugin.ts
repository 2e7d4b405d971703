/** What is searched for, and where it stands: marked in the text, and found again after every change. */

import { Extension } from '@tiptap/core'
import { Plugin, PluginKey, type EditorState, type Transaction } from '@tiptap/pm/state'
import { Decoration, DecorationSet } from '@tiptap/pm/view'

import { isFromElsewhere } from '../live/origin'
import { findMatches, type Match } from './matches'

export interface Search {
  query: string
  exact: boolean
  matches: Match[]
  /** the match that "Replace" replaces; -1 where there is none, or it is in the subject */
  at: number
}

const key = new PluginKey<Search>('foundText')
const NOTHING: Search = { query: '', exact: false, matches: [], at: -1 }

export const FoundText = Extension.create({
  name: 'foundText',
  addProseMirrorPlugins() {
    return [
      new Plugin<Search>({
        key,
        state: {
          init: () => NOTHING,
          apply: (transaction, search) => {
            const given = transaction.getMeta(key) as Search | undefined
            if (given) return given
            return transaction.docChanged && search.query ? follow(search, transaction) : search
          },
        },
        props: {
          decorations: (state) => {
            const { matches, at } = searchIn(state)
            if (!matches.length) return null
            const marks = matches.map(({ from, to }, index) =>
              Decoration.inline(from, to, { class: index === at ? 'found found-now' : 'found' }),
            )
            return DecorationSet.create(state.doc, marks)
          },
        },
      }),
    ]
  },
})

export function searchIn(state: EditorState): Search {
  return key.getState(state) ?? NOTHING
}

/** A search from the caret on. An empty query ends it. */
export function searchFor(state: EditorState, query: string, exact: boolean): Transaction {
  const matches = findMatches(state.doc, query, exact)
  return state.tr.setMeta(key, { query, exact, matches, at: nearest(matches, state.selection.from) })
}

/** The match with this number is the one that counts; -1: none in the text. */
export function pickMatch(state: EditorState, at: number): Transaction {
  return state.tr.setMeta(key, { ...searchIn(state), at: Math.max(-1, at) })
}

function follow(search: Search, transaction: Transaction): Search {
  const matches = findMatches(transaction.doc, search.query, search.exact)
  if (search.at < 0 && search.matches.length) return { ...search, matches }
  const before = search.matches[search.at]?.from ?? 0
  // others' changes come as a whole new text, through which no position can be followed
  return { ...search, matches, at: nearest(matches, isFromElsewhere(transaction) ? before : transaction.mapping.map(before)) }
}

function nearest(matches: Match[], position: number): number {
  if (!matches.length) return -1
  const next = matches.findIndex((match) => match.from >= position)
  return next < 0 ? 0 : next
}
