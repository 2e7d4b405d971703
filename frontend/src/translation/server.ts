/** Parts of the page that the server draws. Failed requests do not throw. */

/** The HTML; null where it is the same, or the server did not answer. */
export async function getPart(url: string): Promise<string | null> {
  const response = await send(url, {})
  return response?.status === 200 ? response.text() : null
}

/** What is wrong, in words; null if nothing is. */
export async function postPart(url: string, form: FormData, unreachable: string): Promise<string | null> {
  const response = await send(url, { method: 'POST', body: new URLSearchParams([...form] as [string, string][]) })
  if (response?.ok) return null
  const plain = response?.headers.get('content-type')?.startsWith('text/plain')
  return response && plain ? response.text() : unreachable
}

async function send(url: string, options: RequestInit): Promise<Response | null> {
  try {
    // a redirect leads to the sign-in page
    return await fetch(url, { credentials: 'same-origin', redirect: 'manual', signal: AbortSignal.timeout(20_000), ...options })
  } catch {
    return null
  }
}
