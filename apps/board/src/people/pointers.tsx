/** The others' pointers, over the card or column that each of them is on; and this page's own, told to them. */
import { usePresence, useSharedState } from '@flotilla/react'
import { useEffect, useLayoutEffect, useRef, useState, useSyncExternalStore } from 'react'
import { useHeld } from '../column/held.ts'
import { useMyName } from './my-name.ts'
import { type Said, usePeople } from './people-present.ts'
import './pointers.css'

export function Pointers() {
  const people = usePeople()
  const [, again] = useState(0)
  // Cards move under pointers.
  useEffect(() => {
    const follow = (): void => again(n => n + 1)
    addEventListener('scroll', follow, true)
    addEventListener('resize', follow)
    return () => {
      removeEventListener('scroll', follow, true)
      removeEventListener('resize', follow)
    }
  }, [])
  const [places, setPlaces] = useState<ReadonlyMap<string, readonly [number, number]>>(new Map())
  useLayoutEffect(() => {
    const found = people.flatMap(({ id, pointer }) => {
      const on =
        pointer &&
        document.querySelector(`[data-card="${CSS.escape(pointer.on)}"], [data-column="${CSS.escape(pointer.on)}"]`)
      if (!on) return []
      const { left, top, width, height } = on.getBoundingClientRect()
      return [[id, [left + pointer.x * width, top + pointer.y * height]] as const]
    })
    setPlaces(new Map(found))
  }, [people])
  return (
    <div aria-hidden="true">
      {people.map(({ id, name }) => {
        const place = places.get(id)
        return (
          place && (
            <span key={id} className="presence" ref={element => moveTo(element, place)}>
              <svg viewBox="0 0 22 22" width="22" height="22" aria-hidden="true">
                <path
                  d="M4 3l5.2 14.5 2.3-6 6-2.3z"
                  fill="var(--ink)"
                  stroke="var(--card)"
                  strokeWidth="1.6"
                  strokeLinejoin="round"
                />
              </svg>
              <b>{name || 'Somebody'}</b>
            </span>
          )
        )
      })}
    </div>
  )
}

/** Pixels. Nearer to the edge it stands on the pointer’s other side. */
const ROOM_FOR_A_NAME = 130

function moveTo(element: HTMLElement | null, [x, y]: readonly [number, number]): void {
  if (element === null) return
  element.style.transform = `translate(${x}px, ${y}px)`
  element.classList.toggle('at-edge', x > innerWidth - ROOM_FOR_A_NAME)
}

/** Tells the others where this page's person is. */
export function useTellPresence(): void {
  const [, tell] = usePresence()
  const name = useMyName(my => my.name)
  const moving = useHeld(({ held }) => held?.id)
  const { status } = useSharedState()
  const isWaiting = useSyncExternalStore(status.subscribe, () => status.get().members.length === 0)
  // It stays where it is when something else is said.
  const place = useRef<Said['pointer']>(undefined)
  useEffect(() => {
    const say = (): void => {
      const said: Said = {
        name,
        ...(place.current && { pointer: place.current }),
        ...(moving !== undefined && { moving }),
        ...(isWaiting && { waiting: true }),
      }
      tell(said)
    }
    const follow = ({ target, clientX, clientY, pointerType }: PointerEvent): void => {
      // A finger hides what it is on, and is gone when it is lifted.
      if (pointerType !== 'mouse') return
      const on = target instanceof Element ? target.closest<HTMLElement>('[data-card], [data-column]') : null
      const { left = 0, top = 0, width = 1, height = 1 } = on?.getBoundingClientRect() ?? {}
      const key = on?.dataset.card ?? on?.dataset.column
      place.current =
        key === undefined ? undefined : { on: key, x: share(clientX - left, width), y: share(clientY - top, height) }
      say()
    }
    say()
    addEventListener('pointermove', follow)
    return () => removeEventListener('pointermove', follow)
  }, [tell, name, moving, isWaiting])
}

const share = (part: number, whole: number): number => Math.round((1000 * part) / Math.max(1, whole)) / 1000
