/** The visit that the Lab's parts belong to. */
import { createContext, useContext } from 'react'
import { useStore } from 'zustand'
import type { LabSession, LabState } from './session.ts'

export const LabContext = createContext<LabSession | undefined>(undefined)

export function useLabSession(): LabSession {
  const session = useContext(LabContext)
  if (session === undefined) throw new Error('rendered outside of the Lab')
  return session
}

export function useLab<T>(select: (state: LabState) => T): T {
  return useStore(useLabSession().store, select)
}
