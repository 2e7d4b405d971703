/** A link on the selected words. */

import type { Editor } from '@tiptap/core'

import { el, icon } from '../dom'
import { unwrapLink } from '../paste/links'
import { safeAddress } from '../schema/link'
import { message } from '../messages'
import { openDialog } from './dialog'

export async function editLink(editor: Editor): Promise<void> {
  const there = editor.getAttributes('link').href as string | undefined
  const input = el('input', { class: 'input', id: 'link-address', dir: 'ltr', inputmode: 'url', value: there ?? '', autocomplete: 'off' })
  const field = el('div', { class: 'field' }, el('label', { for: 'link-address' }, message('link-label')), input)
  const frame = openDialog(
    message('link-title'),
    [field],
    [
      { action: 'set', label: message('link-set') },
      ...(there ? [{ action: 'remove', label: message('link-remove'), kind: 'danger' as const }] : []),
    ],
  )
  frame.dialog.querySelector('form')?.addEventListener('submit', (event) => {
    const wanted = (event.submitter as HTMLButtonElement | null)?.value === 'set'
    if (!wanted || typedAddress(input.value)) return
    event.preventDefault()
    field.classList.add('invalid')
    input.setAttribute('aria-invalid', 'true')
    input.setAttribute('aria-describedby', 'link-error')
    field.querySelector('.error-message')?.remove()
    field.append(el('span', { class: 'error-message', id: 'link-error', role: 'alert' }, icon('warn'), el('span', {}, message('link-wrong'))))
    input.focus()
  })
  input.focus()
  const action = await frame.closed
  const chain = editor.chain().focus().extendMarkRange('link')
  if (action === 'remove') chain.unsetMark('link').run()
  const href = action === 'set' ? typedAddress(input.value) : null
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

/** The address as it can stand in a letter, without the wrappers of mail filters; null where there is none. */
function typedAddress(typed: string): string | null {
  return safeAddress(unwrapLink(typed).href ?? '')
}
