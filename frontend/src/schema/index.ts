/** The editor's extensions. */

import type { Editor, Extensions } from '@tiptap/core'
import { Bold } from '@tiptap/extension-bold'
import { HardBreak } from '@tiptap/extension-hard-break'
import { Italic } from '@tiptap/extension-italic'
import { Text } from '@tiptap/extension-text'
import { Dropcursor, Gapcursor, Placeholder, UndoRedo } from '@tiptap/extensions'

import { CommentMarks } from '../comments/marks'
import { FoundText } from '../find/plugin'
import type { Session } from '../live/session'
import { DraftingTogether } from '../live/together'
import type { Reader } from '../reader'
import { message } from '../messages'
import { CleanInput } from '../paste/plugin'
import type { PasteReport } from '../paste/report'
import { Blockquote, BulletList, Letter, LetterHeading, LetterParagraph, ListItem, OrderedList } from './blocks'
import { CaretMarker } from './caretMarker'
import { FieldMarks } from './fieldMarks'
import { Citation, MergeField } from './fields'
import { BlockIds } from './ids'
import { LetterKeys, type Picker } from './keys'
import { Link } from './link'
import { Lost, Note } from './notes'
import { AudienceBlock, Point, Signatories } from './passages'
import { Subscript, Superscript } from './scripts'

export interface Dialogs {
  pick: (picker: Picker, typed?: string) => void
  link: () => void
  toolbar: () => void
  find?: () => void
  comment?: () => void
  openComment?: (id: number) => void
  pasted: (report: PasteReport) => void
  editField: (editor: Editor, pos: number) => void
  editCitation: (editor: Editor, pos: number) => void
  editAudience: (editor: Editor, pos: number) => void
  /** with -1 a new one */
  editNote: (editor: Editor, pos: number) => void
  lookAtLost: (editor: Editor, pos: number) => void
}

/** `session`: in which several people write; null for a text of one person. */
export function extensions(reader: Reader, session: Session | null, dialogs: Dialogs): Extensions {
  return [
    Letter, LetterParagraph, LetterHeading, OrderedList, BulletList, ListItem, Blockquote, Text, Bold, Italic, Superscript, Subscript, HardBreak, Link,
    MergeField.configure({ reader, edit: dialogs.editField }),
    Citation.configure({ reader, edit: dialogs.editCitation }),
    Note.configure({ reader, edit: dialogs.editNote }),
    Lost.configure({ reader, edit: dialogs.lookAtLost }),
    AudienceBlock.configure({ reader, edit: dialogs.editAudience }),
    Point,
    Signatories,
    BlockIds,
    CleanInput.configure({ pasted: dialogs.pasted }),
    CaretMarker,
    LetterKeys.configure({ open: dialogs.pick, link: dialogs.link, toolbar: dialogs.toolbar, find: dialogs.find }),
    ...(session ? [DraftingTogether.configure({ session }), FieldMarks] : [UndoRedo]),
    FoundText,
    ...(dialogs.openComment && dialogs.comment ? [CommentMarks.configure({ open: dialogs.openComment, comment: dialogs.comment })] : []),
    Gapcursor,
    Dropcursor.configure({ color: false, class: 'drop-here' }),
    Placeholder.configure({ placeholder: message('placeholder') }),
  ]
}

/** The text as assistive technology meets it. */
export function textbox(language: string, dir: string, canEdit: boolean): Record<string, string> {
  return {
    class: 'editor',
    lang: language,
    dir,
    role: 'textbox',
    'aria-multiline': 'true',
    'aria-label': message('text-label'),
    ...(canEdit ? {} : { 'aria-readonly': 'true', tabindex: '0' }),
    spellcheck: 'true',
  }
}
