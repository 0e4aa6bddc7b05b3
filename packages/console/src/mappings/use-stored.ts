/** Whether modules were stored and nothing has been made by them since: kept in the tab. @module */
import { useState } from 'react'

export function useStored(source: string): readonly [boolean, (isStored: boolean) => void] {
  const place = `sluice modules stored ${source}`
  const [isStored, setStored] = useState(() => sessionStorage.getItem(place) !== null)
  return [
    isStored,
    (now) => {
      if (now) sessionStorage.setItem(place, '1')
      else sessionStorage.removeItem(place)
      setStored(now)
    },
  ]
}
