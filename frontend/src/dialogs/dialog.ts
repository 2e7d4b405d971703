/** A native dialog: the title names the action, the buttons are at the foot. Esc closes it. */

import { el } from '../dom'
import { message } from '../messages'

export interface Frame {
  dialog: HTMLDialogElement
  /** close it, as if this action had been chosen */
  close: (action?: string) => void
  /** the action that closed it; "" for Esc and "Close" */
  closed: Promise<string>
}

let opened = 0

interface Foot {
  action: string
  label: string
  kind?: 'second' | 'danger' | 'quiet'
}

/** Opens a modal dialog. The first of `feet` is the action the dialog is for: Enter in a field chooses it. */
export function openDialog(title: string, content: Node[], feet: Foot[], size: 'narrow' | 'wide' = 'narrow'): Frame {
  opened += 1
  const heading = el('h2', { id: `dialog-title-${opened}`, class: 'dialog-head' }, title)
  const buttons = feet.map((foot) =>
    el('button', { type: 'submit', value: foot.action, class: `button ${foot.kind ?? ''}` }, foot.label),
  )
  const form = el('form', { method: 'dialog' }, heading, ...content)
  const away = el('button', { type: 'button', class: 'button quiet' }, message('close'))
  form.append(el('div', { class: 'end' }, ...buttons, away))
  const dialog = el('dialog', { class: `dialog ${size}`, 'aria-labelledby': heading.id }, form)
  document.body.append(dialog)
  const closed = new Promise<string>((resolve) => {
    dialog.addEventListener('close', () => {
      dialog.remove()
      resolve(dialog.returnValue)
    })
  })
  dialog.addEventListener('cancel', () => {
    dialog.returnValue = ''
  })
  away.addEventListener('click', () => dialog.close(''))
  dialog.showModal()
  return { dialog, closed, close: (action = '') => dialog.close(action) }
}
