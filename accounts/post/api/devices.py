"""/api/v1/devices/: the browsers that a person's letters also go to."""

from uuid import UUID

from django.conf import settings
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.people.models import Clinic, User

from ..actions import keep_device, remove_device
from ..delivery.push import LONGEST_ENDPOINT, BadEndpoint, endpoint_of
from ..delivery.sealing import check_keys, private_key, public_words
from ..models import PushSubscription


class KeysSerializer(serializers.Serializer[dict[str, str]]):
    """What a browser's `PushSubscription.toJSON()` calls keys."""

    p256dh = serializers.CharField(max_length=100)
    auth = serializers.CharField(max_length=40)

    def validate(self, attrs: dict[str, str]) -> dict[str, str]:
        try:
            check_keys(attrs["p256dh"], attrs["auth"])
        except ValueError:
            raise serializers.ValidationError(_("These are not the keys of a browser.")) from None
        return attrs


class NewDeviceSerializer(serializers.Serializer[PushSubscription]):
    endpoint = serializers.CharField(max_length=LONGEST_ENDPOINT)
    keys = KeysSerializer()
    device = serializers.CharField(max_length=80, allow_blank=True, default="")

    def validate_endpoint(self, endpoint: str) -> str:
        try:
            endpoint_of(endpoint)
        except BadEndpoint:
            raise serializers.ValidationError(_("This is not the address of a push service.")) from None
        return endpoint


class DeviceSerializer(serializers.ModelSerializer[PushSubscription]):
    class Meta:
        model = PushSubscription
        fields = ["uuid", "device", "created_at"]
        read_only_fields = fields


class DevicesSerializer(serializers.Serializer[dict[str, object]]):
    public_key = serializers.CharField(help_text="The applicationServerKey to subscribe with")
    devices = DeviceSerializer(many=True)


class DeviceList(APIView):
    """The caller's own devices."""

    @extend_schema(operation_id="devices", responses={200: DevicesSerializer}, summary="Your devices, newest first")
    def get(self, request: Request) -> Response:
        user, _clinic = _caller(request)
        known: dict[str, object] = {
            "public_key": public_words(private_key(settings.VAPID_PRIVATE_KEY)),
            "devices": PushSubscription.objects.visible_to(user).newest_first(),
        }
        return Response(DevicesSerializer(known).data)

    @extend_schema(
        operation_id="device_keep",
        request=NewDeviceSerializer,
        responses={200: DeviceSerializer, 201: DeviceSerializer},
        summary="Let letters come to this browser; the same address again changes its keys",
    )
    def put(self, request: Request) -> Response:
        user, clinic = _caller(request)
        form = NewDeviceSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        said = form.validated_data
        kept, is_new = keep_device(
            user=user,
            endpoint=said["endpoint"],
            p256dh=said["keys"]["p256dh"],
            auth=said["keys"]["auth"],
            device=said["device"],
            clinic=clinic,
            now=timezone.now(),
        )
        code = status.HTTP_201_CREATED if is_new else status.HTTP_200_OK
        return Response(DeviceSerializer(kept).data, status=code)


class DeviceDetail(APIView):
    """One of the caller's own devices."""

    @extend_schema(operation_id="device_remove", responses={204: None}, summary="No more letters to this browser")
    def delete(self, request: Request, uuid: UUID) -> Response:
        user, clinic = _caller(request)
        device = get_object_or_404(PushSubscription.objects.visible_to(user), uuid=uuid)
        remove_device(subscription=device, by=user, clinic=clinic, now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


def _caller(request: Request) -> tuple[User, Clinic]:
    """Raises Http404 where push is off, and for somebody without a place in a clinic."""
    clinic: Clinic | None = request._request.clinic  # type: ignore[attr-defined]
    if not settings.WEB_PUSH or clinic is None or not isinstance(request.user, User):
        raise Http404
    return request.user, clinic
