/** The single file has Learn and the Lab only: tabs of a file on disk have nobody to meet. */
export const hasLive = import.meta.env.MODE !== 'single'
