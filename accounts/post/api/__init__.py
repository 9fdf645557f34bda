"""The post over the API: a person's own devices."""

from .devices import DeviceDetail, DeviceList

__all__ = ["DeviceDetail", "DeviceList"]
