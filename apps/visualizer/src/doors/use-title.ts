/** The tab's title, for whoever has several open, and for screen readers that read it first. */
import { useEffect } from 'react'

export function useTitle(title: string): void {
  useEffect(() => {
    document.title = title
  }, [title])
}
