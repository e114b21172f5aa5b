"""Models and resources of `django_import_export`; imported once Django is configured.

Where a table's key has two columns, the one that differs within an import is the model's: cached loaders take one.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from import_export import fields, resources, widgets
from import_export.instance_loaders import CachedInstanceLoader

ROWS_PER_STATEMENT = 1_000


class Profile(models.Model):
    name = models.TextField(null=True)
    email = models.TextField(null=True)
    phone = models.TextField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True


class Lead(Profile):
    id = models.UUIDField(primary_key=True)

    class Meta:
        app_label = "leads"
        db_table = "lead"
        managed = False


class ChannelIdentity(models.Model):
    channel_identifier = models.TextField(primary_key=True)
    channel = models.TextField()
    lead_id = models.UUIDField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "leads"
        db_table = "channel_identity"
        managed = False


class LeadOrganization(Profile):
    lead_id = models.UUIDField(primary_key=True)
    organization_id = models.UUIDField()
    external_id = models.TextField(null=True)
    tags = ArrayField(models.TextField())
    attributes = models.JSONField()

    class Meta:
        app_label = "leads"
        db_table = "lead_organization"
        managed = False


class AsGiven(widgets.Widget):
    """Lists and dicts are given as such."""

    def clean(self, value, row=None, **kwargs):
        return value


class InBulk:
    use_bulk = True
    batch_size = ROWS_PER_STATEMENT
    skip_diff = True
    report_skipped = False
    force_init_instance = False
    instance_loader_class = CachedInstanceLoader
    clean_model_instances = False


class LeadResource(resources.ModelResource):
    class Meta(InBulk):
        model = Lead
        import_id_fields = ("id",)
        fields = ("id", "name", "email", "phone")


class IdentityResource(resources.ModelResource):
    class Meta(InBulk):
        model = ChannelIdentity
        import_id_fields = ("channel_identifier",)
        fields = ("channel_identifier", "channel", "lead_id")


class LinkResource(resources.ModelResource):
    tags = fields.Field("tags", "tags", widget=AsGiven())
    attributes = fields.Field("attributes", "attributes", widget=AsGiven())

    class Meta(InBulk):
        model = LeadOrganization
        import_id_fields = ("lead_id",)
        fields = ("lead_id", "organization_id", "name", "email", "phone", "external_id", "tags", "attributes")
