from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("talkingpoints", "0003_titles")]

    operations = [migrations.RemoveField(model_name="talkingpoint", name="titles")]
