/** The ring as a figure of its own: an SVG with every colour in it, on its own paper, with the sentence under it; or as a PNG. */

/** What the page's style sheets say and a file on its own would lack. */
const KEPT = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'stroke-linecap',
  'stroke-linejoin',
  'opacity',
  'font-size',
  'font-weight',
  'font-family',
  'font-style',
  'text-anchor',
  'paint-order',
  'visibility',
] as const
const CAPTION_PX = 46
const PNG_SCALE = 3

export function figureOf(ring: SVGSVGElement, caption: string): string {
  const { width, height } = ring.viewBox.baseVal
  const copy = ring.cloneNode(true)
  if (!(copy instanceof SVGSVGElement)) throw new Error('a copy of a picture is a picture')
  inline(ring, copy)
  const paper = getComputedStyle(document.documentElement)
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg')
  copy.setAttribute('viewBox', `0 0 ${width} ${height + CAPTION_PX}`)
  copy.setAttribute('width', `${width}`)
  copy.setAttribute('height', `${height + CAPTION_PX}`)
  for (const hidden of copy.querySelectorAll('[visibility="hidden"], .message-reach, .cut-area')) hidden.remove()
  copy.prepend(rectangle(width, height + CAPTION_PX, paper.getPropertyValue('--card').trim()))
  copy.append(words(caption, width / 2, height + CAPTION_PX / 2, paper.getPropertyValue('--ink').trim()))
  return new XMLSerializer().serializeToString(copy)
}

export async function pngOf(svg: string): Promise<Blob> {
  const address = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }))
  try {
    const image = new Image()
    image.src = address
    await image.decode()
    const canvas = document.createElement('canvas')
    canvas.width = image.width * PNG_SCALE
    canvas.height = image.height * PNG_SCALE
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height)
    return await new Promise((resolve, reject) =>
      canvas.toBlob(blob => (blob === null ? reject(new Error('no picture came out')) : resolve(blob)), 'image/png'),
    )
  } finally {
    URL.revokeObjectURL(address)
  }
}

export function download(blob: Blob, name: string): void {
  const address = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  URL.revokeObjectURL(address)
}

function inline(from: Element, to: Element): void {
  const style = getComputedStyle(from)
  const kept = KEPT.map(name => `${name}:${style.getPropertyValue(name)}`).join(';')
  to.setAttribute('style', kept)
  for (const [i, child] of [...from.children].entries()) {
    const copy = to.children[i]
    if (copy !== undefined) inline(child, copy)
  }
}

function rectangle(width: number, height: number, fill: string): SVGRectElement {
  const rect = document.createElementNS('http://www.w3.org/2000/svg', 'rect')
  rect.setAttribute('width', `${width}`)
  rect.setAttribute('height', `${height}`)
  rect.setAttribute('fill', fill)
  return rect
}

function words(text: string, x: number, y: number, fill: string): SVGTextElement {
  const element = document.createElementNS('http://www.w3.org/2000/svg', 'text')
  element.textContent = text
  element.setAttribute('x', `${x}`)
  element.setAttribute('y', `${y}`)
  element.setAttribute('style', `text-anchor:middle;font:600 15px Inter,system-ui,sans-serif;fill:${fill}`)
  return element
}
