"""How forms look: one field template for all, as in the component of the style guide."""

from django.forms.renderers import TemplatesSetting


class LookRenderer(TemplatesSetting):
    """Renders fields with templates/forms/field.html and widgets from templates/."""

    field_template_name = "forms/field.html"
