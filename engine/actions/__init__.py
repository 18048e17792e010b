"""What people, timers and operators do: one public function is one act is one transaction."""
