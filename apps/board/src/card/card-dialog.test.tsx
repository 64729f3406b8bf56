// @vitest-environment happy-dom
import { act } from 'react'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { type BoardRoom, boardRoom } from '../fixtures/board-room.ts'
import { type Shown, shownIn } from '../fixtures/shown.tsx'
import { CardDialog } from './card-dialog.tsx'
import { PAUSE_MS } from './sent-later.ts'

let room: BoardRoom
let shown: Shown

beforeEach(async () => {
  room = await boardRoom()
  const { board } = room.session
  await board.mutate.addCard({ id: 'a', title: 'Buoys', column: 'todo', rank: 1 }).applied
  shown = await shownIn(room.session, <CardDialog id="a" />)
})
afterEach(async () => {
  await shown.remove()
  await room.close()
})

function field(label: string): HTMLTextAreaElement | HTMLInputElement {
  const named = [...shown.element.querySelectorAll('label')].find(({ textContent }) => textContent === label)
  const found = named ? document.getElementById(named.htmlFor) : shown.element.querySelector(`[aria-label="${label}"]`)
  if (found instanceof HTMLTextAreaElement || found instanceof HTMLInputElement) return found
  throw new Error(`no field ${label}`)
}

/** As keys do it: React looks at what the element's own setter was given. */
async function type(label: string, text: string): Promise<void> {
  const into = field(label)
  const { prototype } = into instanceof HTMLTextAreaElement ? HTMLTextAreaElement : HTMLInputElement
  await act(async () => {
    Object.getOwnPropertyDescriptor(prototype, 'value')?.set?.call(into, text)
    into.dispatchEvent(new Event('input', { bubbles: true }))
  })
}

const leave = (label: string): Promise<void> =>
  act(async () => {
    field(label).dispatchEvent(new FocusEvent('focusout', { bubbles: true }))
  })
const pause = (): Promise<void> => act(() => new Promise<void>(resolve => setTimeout(resolve, PAUSE_MS + 200)))
const notes = (): string | undefined => room.session.board.current().cards.a?.notes
const written = (): number => room.session.board.history().length - 1

it('what is typed is sent once when the typing stops, and the field goes on from there', async () => {
  for (const text of ['E', 'Ev', 'Every hour']) await type('Notes', text)
  expect(written()).toBe(0)
  await pause()
  expect(notes()).toBe('Every hour')
  expect(written()).toBe(1)
  expect(shown.element.textContent).not.toContain('has just changed it')

  await leave('Notes')
  expect(written()).toBe(1)
  await type('Notes', 'Every hour, and at night')
  await leave('Notes')
  expect(notes()).toBe('Every hour, and at night')
  expect(written()).toBe(2)
  expect(room.session.state.failures.get()).toEqual([])
})

it('what is typed is sent when the page is hidden or goes away, once', async () => {
  await type('Notes', 'Typed and not left')
  await act(async () => {
    vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden')
    dispatchEvent(new Event('pagehide'))
    document.dispatchEvent(new Event('visibilitychange'))
  })
  expect(notes()).toBe('Typed and not left')
  expect(written()).toBe(1)
  expect(room.session.state.failures.get()).toEqual([])
})

it('a title keeps the space after its last word while the next is thought of', async () => {
  await type('Title', 'Paint the ')
  await pause()
  expect(room.session.board.current().cards.a?.title).toBe('Paint the')
  expect(field('Title').value).toBe('Paint the ')
  await pause()
  await leave('Title')
  expect(written()).toBe(1)
  expect(field('Title').value).toBe('Paint the')
})

it('what somebody else has changed meanwhile is told before anything is sent, and refused once when the field is left', async () => {
  await type('Notes', 'Mine')
  await act(() => room.session.board.mutate.writeCard({ id: 'a', field: 'notes', was: '', text: 'Theirs' }).applied)
  expect(shown.element.textContent).toContain('has just changed it to “Theirs”')
  await pause()
  expect(field('Notes').value).toBe('Mine')
  expect(room.session.state.failures.get()).toEqual([])
  await leave('Notes')
  expect(room.session.state.failures.get()).toHaveLength(1)
  expect(notes()).toBe('Theirs')
})

const shownFailures = (): readonly string[] => room.session.state.failures.get().map(({ error }) => error.kind)
/** Of the texts that were told to be not done, the one that is told now. */
const toldText = (): unknown => {
  const what = room.session.state.failures.get().at(-1)?.change?.what
  return what?.kind === 'mutate' ? Reflect.get(Object(what.args), 'text') : undefined
}

it.each([
  ['Notes', 'notes'],
  ['Title', 'title'],
] as const)(
  'what this device could not save of the %s is sent with what is typed next, and told once',
  async (label, of) => {
    const there = (): string | undefined => room.session.board.current().cards.a?.[of]
    await type(label, 'Before')
    await pause()
    room.disk.isFull = true
    await type(label, 'Before, during')
    await pause()
    expect(shownFailures()).toEqual(['StorageFailed'])
    expect(there()).toBe('Before')
    expect(field(label).value).toBe('Before, during')
    expect(shown.element.textContent).not.toContain('has just changed it')
    // Nothing was typed: it is not tried again.
    const [failure] = room.session.state.failures.get()
    await pause()
    expect(room.session.state.failures.get()).toEqual([failure])
    // Refused again, there is one notice, of all of it.
    await type(label, 'Before, during, longer')
    await pause()
    expect(shownFailures()).toEqual(['StorageFailed'])
    expect(toldText()).toBe('Before, during, longer')

    room.disk.isFull = false
    await type(label, 'Before, during, longer, after')
    await pause()
    expect(there()).toBe('Before, during, longer, after')
    expect(shownFailures()).toEqual([])
    expect(shown.element.textContent).not.toContain('has just changed it')
    await leave(label)
    expect(there()).toBe('Before, during, longer, after')
    expect(shownFailures()).toEqual([])
  },
)

it('what this device could not save is sent when the field is left, though nothing more was typed', async () => {
  room.disk.isFull = true
  await type('Notes', 'During')
  await pause()
  room.disk.isFull = false
  await leave('Notes')
  expect(notes()).toBe('During')
  await act(async () => undefined)
  expect(shownFailures()).toEqual([])
})

it('texts of which several are refused at once are sent again on what the board has', async () => {
  room.disk.isFull = true
  let answer = (): void => undefined
  room.disk.answers = new Promise(resolve => {
    answer = resolve
  })
  await type('Notes', 'One')
  await pause()
  await type('Notes', 'One, two')
  await pause()
  expect(notes()).toBe('One, two')
  await act(async () => answer())
  expect(notes()).toBe('')
  expect(shownFailures()).toEqual(['StorageFailed'])
  room.disk.isFull = false
  await leave('Notes')
  expect(notes()).toBe('One, two')
  await act(async () => undefined)
  expect(shownFailures()).toEqual([])
})

it('what another has changed while this device could not save is told, and not written over', async () => {
  room.disk.isFull = true
  let answer = (): void => undefined
  room.disk.answers = new Promise(resolve => {
    answer = resolve
  })
  await type('Notes', 'Mine')
  await pause()
  room.disk.isFull = false
  await act(() => room.ofMira('writeCard', { id: 'a', field: 'notes', was: '', text: 'Hers' }))
  await act(async () => answer())
  expect(shown.element.textContent).toContain('Mira has just changed it to “Hers”')
  await type('Notes', 'Mine, and more')
  await pause()
  expect(notes()).toBe('Hers')
  await leave('Notes')
  expect(notes()).toBe('Hers')
  expect(shownFailures()).toEqual(['StorageFailed', 'Rejected'])
})

it('of a card that is gone what was written is there to copy, sent or not, and has the focus', async () => {
  await type('Notes', 'An hour of typing')
  await pause()
  await type('Notes', 'An hour of typing, and more')
  await type('New comment', 'Not sent')
  await type('New step', 'Sent')
  await act(async () => {
    field('New step').form?.dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }))
  })
  await act(() => room.session.board.mutate.removeCard('a').applied)
  expect(shown.element.querySelector('h2')?.textContent).toBe('This card is gone')
  expect(shown.element.querySelector('[role=alert]')?.textContent).toContain('copy it')
  expect(field('Notes').value).toBe('An hour of typing, and more')
  expect(field('Notes').readOnly).toBe(true)
  expect(document.activeElement).toBe(field('Notes'))
  expect(field('New comment').value).toBe('Not sent')
  expect(() => field('New step')).toThrow()
})

it('of a card that is gone and to which nothing was written nothing is offered to copy', async () => {
  await act(() => room.session.board.mutate.removeCard('a').applied)
  expect(shown.element.querySelector('[role=alert]')?.textContent).not.toContain('copy')
  expect(shown.element.querySelector('textarea')).toBeNull()
})
