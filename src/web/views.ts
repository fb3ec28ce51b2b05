import type { ComponentType } from 'preact'
import { ChangesView } from './changes/changes-view.tsx'
import { CompareView } from './compare/compare-view.tsx'
import { CostView } from './cost/cost-view.tsx'
import { PlotView } from './plot/plot-view.tsx'
import type { View } from './state.ts'
import { TableView } from './table/table-view.tsx'
import type { ViewProps } from './view-props.ts'

interface ViewEntry {
  view: View
  title: string
  Component: ComponentType<ViewProps>
}

/** The views, in the order of the navigation. */
export const VIEWS: readonly ViewEntry[] = [
  { view: 'table', title: 'Models', Component: TableView },
  { view: 'plot', title: 'Plot', Component: PlotView },
  { view: 'cost', title: 'Cost', Component: CostView },
  { view: 'compare', title: 'Compare', Component: CompareView },
  { view: 'changes', title: 'Changes', Component: ChangesView },
]
