/** A link on the selected words. */

import type { Editor } from '@tiptap/core'

import { el, glyph } from '../dom'
import { safeAddress } from '../schema/link'
import { say } from '../words'
import { openDialog } from './dialog'

export async function editLink(editor: Editor): Promise<void> {
  const there = editor.getAttributes('link').href as string | undefined
  const input = el('input', { class: 'in', id: 'link-address', dir: 'ltr', inputmode: 'url', value: there ?? '', autocomplete: 'off' })
  const field = el('div', { class: 'field' }, el('label', { for: 'link-address' }, say('link-label')), input)
  const frame = openDialog(
    say('link-title'),
    [field],
    [
      { act: 'set', label: say('link-set') },
      ...(there ? [{ act: 'remove', label: say('link-remove'), kind: 'danger' as const }] : []),
    ],
  )
  frame.dialog.querySelector('form')?.addEventListener('submit', (event) => {
    const wanted = (event.submitter as HTMLButtonElement | null)?.value === 'set'
    if (!wanted || safeAddress(input.value)) return
    event.preventDefault()
    field.classList.add('err')
    input.setAttribute('aria-invalid', 'true')
    input.setAttribute('aria-describedby', 'link-error')
    field.querySelector('.errmsg')?.remove()
    field.append(el('span', { class: 'errmsg', id: 'link-error', role: 'alert' }, glyph('warn'), el('span', {}, say('link-wrong'))))
    input.focus()
  })
  input.focus()
  const act = await frame.closed
  const chain = editor.chain().focus().extendMarkRange('link')
  if (act === 'remove') chain.unsetMark('link').run()
  const href = act === 'set' ? safeAddress(input.value) : null
  if (!href) {
    editor.commands.focus()
    return
  }
  if (editor.state.selection.empty && !there) {
    editor.chain().focus().insertContent({ type: 'text', text: href.replace(/^mailto:/, ''), marks: [{ type: 'link', attrs: { href } }] }).run()
  } else {
    chain.setMark('link', { href }).run()
  }
}
