export const sourceRoutes = []
