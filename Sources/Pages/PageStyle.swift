import Reports

/// The style sheet of pages; the colours are those of the drawings.
package enum PageStyle {
    /// What stands on which ground, by the names of the colours: for whoever checks the contrast.
    package static let grounds: [SVGStyle.Colour] = [("page", "#f6f8fa"), ("page-dark", "#010409")]

    static let css = """
        \(SVGStyle.css)
        :root{\(variables(SVGStyle.light));--page:\(grounds[0].colour)}
        @media (prefers-color-scheme:dark){
        :root{\(variables(SVGStyle.dark));--page:\(grounds[1].colour)}
        }
        *{box-sizing:border-box}
        body{margin:0;background:var(--page);color:var(--text);\
        font:16px/1.5 system-ui,-apple-system,"Segoe UI",sans-serif;-webkit-text-size-adjust:100%}
        main{max-width:62rem;margin:0 auto;padding:2rem 1.25rem 4rem}
        h1{font-size:1.75rem;line-height:1.2;margin:0 0 .25rem;overflow-wrap:anywhere}
        h2{font-size:1.25rem;margin:2.5rem 0 .75rem;padding-top:1rem;border-top:1px solid var(--grid)}
        h3{font-size:1rem;margin:0}
        p{margin:.25rem 0 .75rem}
        a{color:var(--s0)}
        :focus-visible{outline:2px solid var(--s0);outline-offset:2px}
        .quiet{color:var(--muted);font-size:.875rem;overflow-wrap:anywhere}
        .box{background:var(--paper);border:1px solid var(--grid);border-left:6px solid var(--muted);\
        border-radius:8px;padding:1rem 1.25rem;margin:1.25rem 0}
        .box.good{border-left-color:var(--better)}
        .box.doubtful{border-left-color:var(--s1)}
        .box.bad{border-left-color:var(--worse)}
        .headline{font-size:1.25rem;font-weight:600;margin:0 0 .5rem}
        .box h2{font-size:.875rem;margin:0 0 .35rem;padding:0;border:0;color:var(--muted)}
        .answers{display:grid;grid-template-columns:repeat(auto-fit,minmax(15rem,1fr));gap:1rem 2rem;\
        margin-top:.75rem}
        @media (min-width:48rem){.answers{grid-template-columns:2fr 1fr 1.4fr}}
        .answers p{margin:0 0 .35rem}
        .answers li{margin:.2rem 0;overflow-wrap:anywhere}
        .answers .plain{list-style:none;padding:0}
        .note{margin:.75rem 0 0}
        .budget{background:var(--paper);border:1px solid var(--grid);border-radius:8px;\
        padding:.6rem 1rem;margin:0 0 .5rem}
        .budget p{margin:0}
        code{font:.875em ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere}
        .box ul{margin:.25rem 0;padding-left:1.25rem}
        nav ul,.key{list-style:none;display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;padding:0;margin:1rem 0}
        .key{margin:.25rem 0 .5rem;font-size:.875rem}
        .swatch{display:inline-block;width:.8em;height:.8em;border-radius:2px;background:currentColor;\
        margin-right:.45em}
        .tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(15rem,100%),1fr));gap:.75rem;margin:0}
        .tiles div{background:var(--paper);border:1px solid var(--grid);border-radius:8px;\
        padding:.75rem 1rem}
        .tiles dt{color:var(--muted);font-size:.875rem}
        .tiles dd{margin:0;font-size:1.5rem;font-weight:600;line-height:1.3;\
        font-variant-numeric:tabular-nums}
        .tiles dd+dd{font-size:.8125rem;font-weight:400;color:var(--muted);line-height:1.4}
        figure{background:var(--paper);border:1px solid var(--grid);border-radius:8px;margin:0 0 1rem;\
        padding:1rem 1.25rem}
        figcaption p{margin:.1rem 0 .5rem}
        .chart,.wide{overflow-x:auto}
        .chart svg{display:block;width:100%;min-width:36rem;height:auto}
        table{border-collapse:collapse;font-size:.875rem;font-variant-numeric:tabular-nums;width:100%}
        caption{text-align:left;color:var(--muted);padding:.25rem 0 .5rem}
        th,td{padding:.3rem .75rem .3rem 0;border-bottom:1px solid var(--grid);vertical-align:top}
        th{font-weight:600}
        .word{text-align:left;overflow-wrap:anywhere;min-width:5rem}
        .number{text-align:right;white-space:nowrap}
        .facts{margin:0}
        .facts div{display:grid;grid-template-columns:minmax(8rem,14rem) 1fr;gap:.75rem;\
        padding:.3rem 0;border-bottom:1px solid var(--grid);font-size:.875rem}
        .facts dt{color:var(--muted)}
        .facts dd{margin:0;overflow-wrap:anywhere}
        details{margin:.75rem 0 0}
        summary{cursor:pointer;color:var(--muted);font-size:.875rem}
        details .wide{margin-top:.75rem}
        pre{background:var(--paper);border:1px solid var(--grid);border-radius:8px;padding:1rem;\
        overflow-x:auto;font:.8125rem/1.45 ui-monospace,monospace}
        .good-word{color:var(--better);font-weight:600}
        .doubtful-word{color:var(--s1);font-weight:600}
        .bad-word{color:var(--worse);font-weight:600}
        @media (max-width:40rem){main{padding:1.25rem .75rem 3rem}\
        .facts div{grid-template-columns:1fr;gap:0}figure{padding:.75rem}}
        @media print{body{background:none;font-size:11pt}nav,summary{display:none}\
        figure,.box,.tiles div{break-inside:avoid}}
        """

    private static func variables(_ colours: [SVGStyle.Colour]) -> String {
        colours.map { "--\($0.name):\($0.colour)" }.joined(separator: ";")
    }
}
