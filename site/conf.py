"""Sphinx for the site: MyST for texts and notebooks, autodoc for the reference, Furo for the look."""

import sys
from pathlib import Path

here = Path(__file__).parent
sys.path[:0] = [str(here), str(here.parent)]  # for the extension, and for what the reference is about

project = "stepgrad"
copyright = "The stepgrad authors"  # noqa: A001 (Sphinx calls it so)
root_doc = "contents"
extensions = ["sphinx.ext.autodoc", "myst_nb", "extension"]
default_role = "code"
highlight_language = "none"  # a block that doesn't say what it is has been printed: it isn't Python
exclude_patterns = []

nb_execution_mode = "off"  # the lessons come with their outputs
nb_merge_streams = True
myst_enable_extensions = ["dollarmath", "html_image"]
myst_heading_anchors = 3
autodoc_typehints = "description"
autodoc_member_order = "bysource"
# of docstrings; dead links stay errors
suppress_warnings = ["docutils", "mystnb.unknown_mime_type", "ref.ref", "ref.term"]

html_theme = "furo"
html_title = "stepgrad"
html_theme_options = {
    "light_css_variables": {"color-brand-primary": "#0068a8", "color-brand-content": "#0068a8"},
    "dark_css_variables": {"color-brand-primary": "#6cc0f0", "color-brand-content": "#6cc0f0"},
}
templates_path = [str(here / "templates")]
html_static_path = [str(here / "static")]
html_css_files = ["pages.css"]
html_js_files = [("pages.js", {"type": "module"})]
html_favicon = str(here / "icon.svg")
html_copy_source = False
html_show_sphinx = False
html_domain_indices = False
parts = ("brand", "search", "scroll-start", "navigation", "scroll-end")
html_sidebars = {"**": [f"sidebar/{part}.html" for part in parts]}
