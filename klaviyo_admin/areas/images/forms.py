"""What a person must say to change images."""

from django import forms

from klaviyo_admin.areas.images.pictures import PicturesField

_HIDDEN = "It cannot be picked in Klaviyo's editor; where it is shown already, it stays."


class EditImage(forms.Form):
    """Both of an image's settings: Klaviyo writes them together."""

    name = forms.CharField(label="Name", max_length=255)
    hidden = forms.BooleanField(label="Hide it from the image library", required=False, help_text=_HIDDEN)


class ImageFromUrl(forms.Form):
    """An image that Klaviyo fetches from an address."""

    import_from_url = forms.URLField(
        label="Address of the image",
        assume_scheme="https",
        max_length=2000,
        help_text="JPEG, PNG or GIF of at most 5 MB, open to everybody. Klaviyo fetches it when the change is carried out.",
    )
    name = forms.CharField(
        label="Name", max_length=255, required=False, help_text="Without one, it is called as its file."
    )
    hidden = forms.BooleanField(label="Hide it from the image library", required=False, help_text=_HIDDEN)


class ImagesFromFiles(forms.Form):
    """Images from a person's own disk."""

    pictures = PicturesField(
        label="Files",
        help_text="JPEG, PNG or GIF of at most 5 MB each; several at once are fine. An image cannot be deleted later, only hidden.",
    )
    hidden = forms.BooleanField(label="Hide them from the image library", required=False, help_text=_HIDDEN)
