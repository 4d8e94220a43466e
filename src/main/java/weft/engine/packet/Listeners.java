package weft.engine.packet;

/** Who hears of deliveries and wake-ups. */
final class Listeners {
  DeliveryListener delivery = (message, time) -> {};
  WakeUpListener wakeUp = (token, time) -> {};
  boolean any; // whether somebody other than nobody was named
}
