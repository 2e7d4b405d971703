/** The dialogs of fields, citations, notes and audiences: for the editor of a letter, and for that of one passage. */

import type { Editor } from '@tiptap/core'

import { selected } from '../commands'
import { doubtful, type Fact, type Reader } from '../reader'
import type { Dialogs } from '../schema'
import type { Picker } from '../schema/keys'
import type { Pickers } from '../toolbar'
import { editAudience, pickAudience } from './audience'
import { editCitation, pickCitation } from './citation'
import { editField, pickField } from './field'
import { showKeys } from './keys'
import { editLink } from './link'
import { editNote, lookAtLost } from './note'

export interface AtomOptions {
  /** the text may cite the fact as it is now; null where it may not */
  updateFact: ((fact: Fact) => Promise<string>) | null
  /** limits passages to some governments: one that is for one government has no such limits */
  audiences: boolean
}

type Atom = 'mergeField' | 'citation' | 'lost'

export class AtomDialogs {
  /** `editor` is made with `dialogs`, so it comes later. */
  constructor(
    private readonly editor: () => Editor,
    private readonly reader: Reader,
    private readonly options: AtomOptions,
  ) {}

  /** What the schema opens. */
  get dialogs() {
    return {
      pick: (picker, typed) => void this.pick(picker, typed),
      link: () => void editLink(this.editor()),
      editField: (_editor, pos) => void this.edit('mergeField', pos),
      editCitation: (_editor, pos) => void this.edit('citation', pos),
      editAudience: (_editor, pos) => void (this.options.audiences && editAudience(this.editor(), this.reader, pos)),
      editNote: (_editor, pos) => void editNote(this.editor(), pos),
      lookAtLost: (_editor, pos) => void this.edit('lost', pos),
    } satisfies Partial<Dialogs>
  }

  /** What the toolbar opens. */
  get pickers(): Pickers {
    return {
      field: () => void this.pick('field'),
      citation: () => void this.pick('citation'),
      audience: () => void this.pick('audience'),
      note: () => void editNote(this.editor(), selected(this.editor().state, 'note')?.pos ?? -1),
      link: () => void editLink(this.editor()),
      keys: () => void showKeys(),
    }
  }

  /** The dialog of the block's first atom that needs attention. */
  openIn(block: string, name: Atom): void {
    let inside = false
    let found = -1
    let first = -1
    this.editor().state.doc.descendants((node, pos) => {
      if (node.isBlock) inside = node.attrs.id === block
      if (!inside || node.type.name !== name) return
      const { key, fallback, fact } = node.attrs
      const wanting = name === 'mergeField' ? this.reader.value(String(key), String(fallback ?? '')).gap : doubtful(this.reader.facts.get(String(fact)))
      if (first < 0) first = pos
      if (wanting && found < 0) found = pos
    })
    const pos = found < 0 ? first : found
    if (pos >= 0) void this.edit(name, pos)
  }

  /** `typed`: the character that asked for it. It is text where nothing is chosen. */
  private async pick(picker: Picker, typed = ''): Promise<void> {
    const editor = this.editor()
    const done = await this.chosen(picker)
    if (!done && typed) editor.view.dispatch(editor.state.tr.insertText(typed))
    editor.commands.focus()
    this.reader.redraw()
  }

  private async chosen(picker: Picker): Promise<boolean> {
    if (picker === 'audience') return this.options.audiences && pickAudience(this.editor(), this.reader)
    const name = picker === 'field' ? 'mergeField' : 'citation'
    const atom = selected(this.editor().state, name)
    if (!atom) return (picker === 'field' ? pickField : pickCitation)(this.editor(), this.reader)
    await this.edit(name, atom.pos)
    return true
  }

  private edit(name: Atom, pos: number): Promise<void> {
    if (name === 'mergeField') return editField(this.editor(), this.reader, pos)
    if (name === 'lost') return lookAtLost(this.editor(), this.reader, pos)
    return editCitation(this.editor(), this.reader, pos, this.options.updateFact)
  }
}
